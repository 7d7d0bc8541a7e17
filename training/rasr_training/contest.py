"""All rows of the generator benchmark, met on one case after the other, and what each of them costs."""

import argparse

from .cases import Case, ReferenceGallery
from .contestants import BASELINE, REFERENCE_ROWS, TRUTH, Ours, Peers
from .costs import memory_of, open_network, seconds_by_turns
from .measures import Measures
from .outcomes import Outcome, OutcomeStore, centre

REPEATS = 9

Figures = dict[str, float]
Table = dict[str, Figures]


class Contest:
    """Every row of every case."""

    def __init__(self, arguments: argparse.Namespace):
        self.peers = Peers(arguments.peers, arguments.threads)
        self.gallery = ReferenceGallery(arguments.data)
        self.ours = Ours(arguments.models, self.gallery, arguments.threads)
        self.measures = Measures(arguments.metrics, arguments.threads)
        self.store = OutcomeStore(arguments.cache or arguments.out / "outcomes", self.measures)
        self.rows = self._chosen_rows(arguments.rows, arguments.details)

    def _chosen_rows(self, wanted: list[str] | None, details: bool) -> list[str]:
        ours = [*self.ours.rows, *(self.ours.detail_rows if details else [])]
        available = [*self.peers.rows, *ours, TRUTH]
        groups = {"peers": self.peers.rows, "ours": ours, TRUTH: [TRUTH]}
        unknown = set(wanted or ()) - set(groups) - set(available)
        if unknown:
            raise SystemExit(
                f"--rows: no {', '.join(sorted(unknown))}; there are {', '.join([*groups, *available])}"
            )
        chosen = {row for name in wanted or groups for row in groups.get(name, [name])}
        if details:
            chosen.update(self.ours.detail_rows)
        return [row for row in available if row in chosen]

    def outcomes(
        self, case: Case, with_references: bool = True
    ) -> tuple[dict[str, Outcome], dict[str, list[int]]]:
        """Outcomes by row, and the gallery numbers of the references they used."""
        wanted = with_references and set(self.rows) & set(REFERENCE_ROWS)
        references = self.ours.references(case) if wanted else {}
        found = {}
        for row in self.rows:
            if row == TRUTH or (row in REFERENCE_ROWS and row not in references):
                continue
            entry = (
                self.peers.entry(row)
                if row in self.peers.rows
                else self.ours.entry(row, references.get(row, []))
            )
            found[row] = self.store.outcome(entry, case)
        if TRUTH in self.rows:
            found[TRUTH] = Outcome(self.measures.naturalness(case.truth), centre(case.truth))
        return found, references

    def costs(self, threads: int) -> dict[str, Figures]:
        """Time and memory of one tile, of every network, in this run."""
        paths = {name: (file, False) for name, file in self.peers.files.items()}
        paths |= {"none": (self.ours.folder, False), "with a reference": (self.ours.folder, True)}
        runs = {name: open_network(path, threads, reference) for name, (path, reference) in paths.items()}
        costs = seconds_by_turns(runs, BASELINE, REPEATS)
        del runs
        memory = {name: memory_of(path, threads, reference) for name, (path, reference) in paths.items()}
        for name, found in memory.items():
            if found is not None:
                costs[name] |= {"peakMegabytes": found / 1e6, "memoryRatio": found / memory[BASELINE]}
        return {name: {key: round(value, 4) for key, value in found.items()} for name, found in costs.items()}
