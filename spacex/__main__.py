"""Run the command line: `python -m spacex`."""

from spacex.cli import main

if __name__ == "__main__":
    main()
