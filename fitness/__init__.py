"""The machine and the energy models: programs run here, metered and priced. Imports `tasks` and `primitives`.

`measure` runs one function once; `play` runs a learner on an instance of a task. `programs` compiles for any task,
`problem` judges on one instance, `score` on several, and `assess` finds out all that a person is shown.
"""

from fitness.arguments import Control, ReadOnly
from fitness.limits import Limits
from fitness.measure import Measurement, measure
from fitness.play import Play, Staged, play, stage
from fitness.programs import learner

__all__ = ["Control", "Limits", "Measurement", "Play", "ReadOnly", "Staged", "learner", "measure", "play", "stage"]
