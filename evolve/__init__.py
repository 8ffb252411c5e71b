"""The command line (`cli`) and the search (`search`). May import every other package of the project; none imports it."""
