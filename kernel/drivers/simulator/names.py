# ruff: noqa: RUF001 - names stand in their own letters
"""Names, cities, streets and remarks of a dozen countries, in their own letters."""

from typing import Final

from msgspec import Struct


class Country(Struct, frozen=True, kw_only=True):
    """What a country's clients are called and where they live; lists are separated by bars.

    A city goes with its state and its zip code, in which ``#`` is a digit. ``men`` go with the first
    list of ``families``, ``women`` with the last. The remarks are an account's comment and the
    comments of money coming in and going out.
    """

    name: str
    dial: str
    domain: str
    men: str
    women: str
    families: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    streets: str
    remarks: str
    paid_in: str
    paid_out: str


COUNTRIES: Final = (
    Country(
        name="United Kingdom",
        dial="+44 20",
        domain="co.uk",
        men="James|Oliver|George|Harry|Thomas|Samuel",
        women="Amelia|Charlotte|Emily|Grace|Sophie|Alice",
        families=("Smith|Taylor|Whitfield|O'Brien|Hughes|Ashworth|Bennett|Clarke",),
        cities=(("London", "", "EC#A #BT"), ("Leeds", "Yorkshire", "LS# #AE"), ("Bristol", "", "BS# #NN")),
        streets="High Street|Station Road|Church Lane|Mill Hill",
        remarks="Prefers e-mail|Referred by a friend|Asks for a monthly statement",
        paid_in="Wire transfer|Card payment|Deposit",
        paid_out="Withdrawal to bank|Withdrawal",
    ),
    Country(
        name="Germany",
        dial="+49 89",
        domain="de",
        men="Jürgen|Björn|Günther|Sören|Thomas|Jörg",
        women="Käthe|Bärbel|Jördis|Anna|Zoë|Désirée",
        families=("Müller|Weiß|Schröder|Köhler|Jäger|Großmann|Böhm|Schäfer",),
        cities=(("München", "Bayern", "80###"), ("Köln", "Nordrhein-Westfalen", "50###"), ("Lübeck", "", "235##")),
        streets="Hauptstraße|Gärtnerweg|Königsallee|Mühlgasse",
        remarks="Möchte nur auf Deutsch beraten werden|Rückruf vormittags|Stammkunde, höflich",
        paid_in="Überweisung|Einzahlung für März|Gutschrift über Bank",
        paid_out="Auszahlung an Hausbank|Rücküberweisung",
    ),
    Country(
        name="France",
        dial="+33 1",
        domain="fr",
        men="François|René|Jérôme|Loïc|Théo|Benoît",
        women="Hélène|Zoé|Chloé|Noëlle|Françoise|Agnès",
        families=("Lefèvre|Garçon|Béranger|Rémond|Dupré|Châtelain|Gérard|Noël",),
        cities=(("Besançon", "", "250##"), ("Nîmes", "Gard", "300##"), ("Orléans", "Loiret", "450##")),
        streets="Rue de l'Église|Avenue des Chênes|Allée du Château|Quai Saint-Rémi",
        remarks="Préfère être contacté l'après-midi|Client fidèle, très réactif|Pièce d'identité vérifiée",
        paid_in="Virement reçu|Dépôt par carte|Crédité à réception",
        paid_out="Retrait demandé|Virement émis",
    ),
    Country(
        name="Spain",
        dial="+34 91",
        domain="es",
        men="José|Íñigo|Andrés|Julián|Óscar|Raúl",
        women="Begoña|María|Lucía|Inés|Ángela|Rocío",
        families=("Núñez|García|Ibáñez|Peña|López|Muñoz|Sáenz|Güell",),
        cities=(("Málaga", "Andalucía", "290##"), ("La Coruña", "Galicia", "150##"), ("León", "", "240##")),
        streets="Calle del Peñón|Avenida de la Constitución|Paseo de Gràcia|Plaza España",
        remarks="Llamar después de las cinco|Señor muy puntual|Documentación válida este año",
        paid_in="Depósito señalado|Transferencia automática|Ingreso en línea",
        paid_out="Reintegro a petición|Retiro según petición",
    ),
    Country(
        name="Sweden",
        dial="+46 8",
        domain="se",
        men="Åke|Göran|Björn|Håkan|Mårten|Pär",
        women="Åsa|Märta|Viktoria|Ellinor|Kajsa|Gun-Britt",
        families=("Åkesson|Sjöberg|Lindström|Öhman|Bäckström|Hägg|Norén|Sandén",),
        cities=(("Göteborg", "", "4## ##"), ("Malmö", "Skåne", "2## ##"), ("Växjö", "Småland", "35# ##")),
        streets="Storgatan|Västra Hamngatan|Skördevägen|Björkallén",
        remarks="Vill bli uppringd på förmiddagen|Återkommande kund|Läser våra nyhetsbrev",
        paid_in="Insättning från bank|Överföring",
        paid_out="Uttag till bankkonto|Utbetalning på begäran",
    ),
    Country(
        name="Poland",
        dial="+48 22",
        domain="pl",
        men="Paweł|Michał|Łukasz|Sławomir|Jędrzej|Błażej",
        women="Małgorzata|Agnieszka|Żaneta|Bożena|Jolanta|Elżbieta",
        families=("Wiśniewski|Dąbrowski|Kamiński|Wróbel|Żuk", "Wiśniewska|Dąbrowska|Kamińska|Wróbel|Żuk"),
        cities=(("Łódź", "łódzkie", "9#-###"), ("Gdańsk", "pomorskie", "80-###"), ("Kraków", "małopolskie", "3#-###")),
        streets="ul. Długa|ul. Mickiewicza|al. Zwycięstwa|ul. Świętojańska",
        remarks="Prosi o kontakt po południu|Stały klient, świetny kontakt|Zweryfikowany w urzędzie",
        paid_in="Wpłata własna|Przelew przychodzący",
        paid_out="Wypłata na życzenie|Przelew wychodzący",
    ),
    Country(
        name="Hungary",
        dial="+36 1",
        domain="hu",
        men="László|György|Gábor|Zoltán|Jenő|Ernő",
        women="Zsófia|Éva|Mária|Hajnalka|Ágnes|Tünde",
        families=("Szabó|Kovács|Tóth|Horváth|Kőszegi|Szűcs",),
        cities=(("Győr", "Győr-Moson-Sopron", "90##"), ("Pécs", "Baranya", "76##"), ("Szeged", "Csongrád", "67##")),
        streets="Fő utca|Kossuth Lajos tér|Petőfi út|Széchenyi körút",
        remarks="Délután hívható|Régi ügyfél, megbízható|Személyi igazolványa ellenőrizve",
        paid_in="Befizetés|Beérkezett átutalás",
        paid_out="Kifizetés bankszámlára|Visszautalás",
    ),
    Country(
        name="Bulgaria",
        dial="+359 2",
        domain="bg",
        men="Георги|Димитър|Иван|Николай|Любомир|Стоян",
        women="Мария|Десислава|Елена|Радка|Цветелина|Йорданка",
        families=("Иванов|Петров|Димитров|Стоянов|Щерев", "Иванова|Петрова|Димитрова|Стоянова|Щерева"),
        cities=(("София", "", "1###"), ("Пловдив", "", "40##"), ("Велико Търново", "", "50##")),
        streets="ул. Шипка|бул. Витоша|ул. Раковски|ул. Дунав",
        remarks="Да се търси следобед|Дългогодишен клиент|Проверена лична карта",
        paid_in="Депозит по банка|Внесена сума",
        paid_out="Теглене по сметка|Изплатена сума",
    ),
    Country(
        name="Ukraine",
        dial="+380 44",
        domain="ua",
        men="Андрій|Сергій|Євген|Тарас|Юрій|Їгор",
        women="Оксана|Наталія|Юлія|Олена|Ірина|Євгенія",
        families=("Шевченко|Ковальчук|Бондаренко|Гнатюк|Стецько|Мельник",),
        cities=(("Київ", "", "01###"), ("Львів", "Львівська область", "79###"), ("Чернігів", "", "14###")),
        streets="вул. Хрещатик|просп. Перемоги|вул. Івана Франка|вул. Зелена",
        remarks="Телефонувати після обіду|Постійний клієнт|Паспорт перевірено",
        paid_in="Поповнення рахунку|Переказ від клієнта",
        paid_out="Виведення коштів|Повернення на картку",
    ),
    Country(
        name="Greece",
        dial="+30 21",
        domain="gr",
        men="Γιώργος|Νίκος|Δημήτρης|Κώστας|Παύλος|Σπύρος",
        women="Μαρία|Ελένη|Κατερίνα|Σοφία|Ευαγγελία|Δέσποινα",
        families=("Παπαδόπουλος|Γεωργίου|Νικολαΐδης|Βλάχος", "Παπαδοπούλου|Γεωργίου|Νικολαΐδου|Βλάχου"),
        cities=(("Αθήνα", "Αττική", "1## ##"), ("Θεσσαλονίκη", "", "54# ##"), ("Πάτρα", "Αχαΐα", "26# ##")),
        streets="Ερμού|Λεωφόρος Συγγρού|Τσιμισκή|Αγίου Ανδρέα",
        remarks="Τηλέφωνο το απόγευμα|Παλιός πελάτης|Ελεγμένη ταυτότητα",
        paid_in="Κατάθεση|Τραπεζική μεταφορά",
        paid_out="Ανάληψη|Επιστροφή χρημάτων",
    ),
    Country(
        name="Turkey",
        dial="+90 212",
        domain="com.tr",
        men="Çağlar|Oğuz|Işık|Şükrü|Gökhan|Tuğrul",
        women="Ayşe|Gülşah|Çiğdem|Yağmur|Şirin|Tuğba",
        families=("Yıldız|Öztürk|Şahin|Çelik|Doğan|Güneş|Aydın|Koç",),
        cities=(("İstanbul", "", "34###"), ("İzmir", "Ege", "35###"), ("Eskişehir", "", "26###")),
        streets="Atatürk Caddesi|Bağdat Caddesi|Çınar Sokak|Gül Sokağı",
        remarks="Öğleden sonra aranmalı|Eski müşteri|Kimliği doğrulandı",
        paid_in="Para yatırma işlemi|Banka havalesi",
        paid_out="Para çekme işlemi|Hesaba iade",
    ),
    Country(
        name="Japan",
        dial="+81 3",
        domain="co.jp",
        men="健太|大輔|翔|拓也|直樹|誠",
        women="美咲|陽子|さくら|恵子|由美|愛",
        families=("佐藤|鈴木|高橋|田中|渡辺|伊藤",),
        cities=(("東京", "", "1##-####"), ("大阪", "", "53#-####"), ("札幌", "北海道", "06#-####")),
        streets="中央通り|青葉通り|桜町|本町",
        remarks="午後に連絡を希望|長年のお客様|本人確認済み",
        paid_in="銀行振込|入金",
        paid_out="出金|払戻し",
    ),
)
