"""The settings of a search: their one table, presets and files that give them, and the run that comes of them.

The command line and the Python API both read them here, so that they say the same. This package may import every
package below `evolve`, and `evolve.llm`; `preparing` the engine too; to import it alone imports nothing heavy.
"""

from evolve.settings.errors import SettingsError
from evolve.settings.keys import KEYS, Key, Settings
from evolve.settings.resolving import Layer, resolve
from evolve.settings.sources import layer_of, preset_summaries
from evolve.settings.writing import to_toml

__all__ = ["KEYS", "Key", "Layer", "Settings", "SettingsError", "layer_of", "preset_summaries", "resolve", "to_toml"]
