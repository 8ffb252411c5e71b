"""The command line (`cli`) and the search (`search`). May import every other package; none imports it."""
