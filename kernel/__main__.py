"""``python -m kernel``: the command line where the script ``mt4api`` is not on the path."""

from kernel.cli import main

if __name__ == "__main__":
    main()
