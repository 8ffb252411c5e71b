"""The command line (`cli`). May import every other package of the project; none imports it."""
