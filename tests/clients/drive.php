<?php
/** A CRM's first steps with the generated PHP client, given as arguments: its folder, address, user, password. */

declare(strict_types=1);

use Mt4\ApiException;
use Mt4\Configuration;
use Mt4\Api\AccountsApi;
use Mt4\Api\AuthApi;
use Mt4\Api\TradesApi;
use Mt4\Api\UsersApi;
use Mt4\Model\Deposit;
use Mt4\Model\Error;
use Mt4\Model\HistoryQuery;
use Mt4\Model\NewUser;

/** End the trial with the sentence that does not hold. */
function check(string $what, bool $holds): void
{
    if (!$holds) {
        fwrite(STDERR, "php client: not true: $what\n");
        exit(1);
    }
    echo "php client: $what\n";
}

/** Read the error shape that every failure has. */
function refusal(ApiException $problem): Error
{
    $shape = $problem->getResponseObject();
    if (!$shape instanceof Error) {
        throw $problem;
    }
    return $shape;
}

/** Log in, open an account, deposit, read history, and read two refusals. */
function steps(string $address, string $user, string $password): void
{
    $configuration = (new Configuration())->setHost($address);
    $token = (new AuthApi(null, $configuration))->login($user, $password);
    check('a login gives a bearer token', $token->getTokenType() === 'bearer' && $token->getExpiresIn() > 0);
    $configuration->setAccessToken($token->getAccessToken());
    $users = new UsersApi(null, $configuration);
    $trades = new TradesApi(null, $configuration);

    $created = $users->createUser(
        new NewUser(['group' => 'demoforex', 'name' => 'Zoë Client', 'password' => 'Secret1x'])
    );
    check('an account is opened, with its text intact', $created->getUser()->getName() === 'Zoë Client');
    $login = $created->getLogin();
    $booked = (new AccountsApi(null, $configuration))->deposit(
        $login,
        new Deposit(['amount' => 250.25, 'comment' => 'PHP client'])
    );
    check('a deposit moves the balance', [$booked->getAmount(), $booked->getBalance()] === [250.25, 250.25]);
    $history = $trades->listHistory($login, null, new HistoryQuery(['types' => 'balance']));
    $rows = $history->getTrades();
    check('the deposit stands in the history', count($rows) === 1 && $rows[0]->getOrder() === $booked->getOrder());
    check('its row says what was booked', [$rows[0]->getProfit(), $rows[0]->getCmdStr()] === [250.25, 'balance']);
    check('the history needs no body', $trades->listHistory($login)->getTotal() === 1);

    try {
        $users->getUser(2147483647);
        check('an unknown account is refused', false);
    } catch (ApiException $problem) {
        check('an unknown account is account_not_found', refusal($problem)->getCode() === 'account_not_found');
    }
    try {
        $users->createUser(new NewUser(['group' => 'nowhere', 'name' => 'Nobody', 'password' => 'Secret1x']));
        check('an unknown group is refused', false);
    } catch (ApiException $problem) {
        check('a bad field is named', refusal($problem)->getErrors()[0]->getLoc() === ['body', 'group']);
    }
}

$folder = $argv[1];
$own = "$folder/vendor/autoload.php";
require is_file($own) ? $own : 'GuzzleHttp/autoload.php';
spl_autoload_register(static function (string $class) use ($folder): void {
    $file = "$folder/lib/" . str_replace(['Mt4\\', '\\'], ['', '/'], $class) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
steps($argv[2], $argv[3], $argv[4]);
