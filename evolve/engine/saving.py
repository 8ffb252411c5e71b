"""Islands as bytes, to be stored and read again: compressed JSON, so that reading what others wrote runs nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, astuple
from typing import Any

import numpy as np

from evolve.engine.breeding import Breeding, Carried
from evolve.engine.island import Island, Place
from evolve.variation import OperatorSelection
from fitness.limits import Limits
from fitness.score import Score
from population import Archive, Elite, Grid, Individual


def saved(island: Island) -> bytes:
    """All that an island is."""
    groups = {
        "population": island.population,
        "archive": island.archive.members,
        "entrants": tuple(island.entrants.values()),
        "arrivals": island.arrivals,
        "founders": island.founders,
        "grid": island.grid.members,
    }
    everyone = {each.id: each for group in groups.values() for each in group}
    document = {
        "place": asdict(island.place),
        "generator": island.generator.bit_generator.state,
        "programs": [[each.id, each.key, each.source, each.parents, each.operator] for each in everyone.values()],
        "groups": {name: _scores(group) for name, group in groups.items()},
        "epoch": island.epoch,
        "stale": island.stale,
        "children": island.children,
        "births": island.births,
        "keys": sorted(island.keys),
        "behaviours": island.behaviours,
        "grid": [[*cell, elite.individual.id, elite.epoch] for cell, elite in sorted(island.grid.cells.items())],
        "fruitful": island.fruitful,
        "fruitless": island.fruitless,
        "carriers": [[number, *carried] for number, carried in island.breeding.carriers.items()],
        "selection": asdict(island.breeding.selection),
    }
    return zlib.compress(json.dumps(document).encode(), level=1)


def _scores(individuals: Iterable[Individual]) -> list[list[Any]]:
    return [[each.id, *astuple(each.score)] for each in individuals]


def restored(stored: bytes) -> Island:
    """The island that `saved` was given."""
    document = json.loads(zlib.decompress(stored))
    place = Place(**(document["place"] | {"limits": Limits(**document["place"]["limits"])}))
    programs = {row[0]: row for row in document["programs"]}
    groups = {
        name: tuple(_individual(programs[number], Score(*score)) for number, *score in rows)
        for name, rows in document["groups"].items()
    }
    elites = {each.id: each for each in groups["grid"]}
    cells = {
        (band, depth, length): Elite(elites[number], epoch) for band, depth, length, number, epoch in document["grid"]
    }
    carriers = {number: Carried(*carried) for number, *carried in document["carriers"]}
    generator = np.random.default_rng()
    generator.bit_generator.state = document["generator"]
    return Island(
        place,
        generator,
        groups["population"],
        Archive(place.chance, groups["archive"], surely=True),
        {each.id: each for each in groups["entrants"]},
        document["epoch"],
        groups["arrivals"],
        document["stale"],
        document["children"],
        document["births"],
        set(document["keys"]),
        {answers: (steps, number) for answers, (steps, number) in document["behaviours"].items()},
        Breeding(OperatorSelection(**document["selection"]), carriers),
        Grid(place.chance, cells),
        groups["founders"],
        document["fruitful"],
        document["fruitless"],
    )


def _individual(row: list[Any], score: Score) -> Individual:
    number, key, source, parents, operator = row
    return Individual(number, key, source, tuple(parents), operator, score)
