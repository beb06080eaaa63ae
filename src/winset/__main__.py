from winset.cli import main

main()
