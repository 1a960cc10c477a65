"""Fences: a million points against a thousand polygons, beside shapely's own tree over the same polygons in one run.

    python bench/areas.py [--points 1000000] [--fences 1000]

The cost is one sort of the points, then for each fence the points in its strip of longitude: it grows with the points
times the share of the map that a strip covers, and with what lies inside.
"""

import argparse
import json
import time

import numpy as np
import shapely

from ringfence.areas import find_points_inside, read_polygon


def main() -> None:
    """Make points and fences, find who is inside twice, and compare."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--points", type=int, default=1_000_000)
    asked.add_argument("--fences", type=int, default=1_000)
    sizes = asked.parse_args()
    rng = np.random.default_rng(1)
    longitude, latitude = rng.uniform(113, 115, sizes.points), rng.uniform(39, 41, sizes.points)
    shapes = [read_polygon(outline(rng)) for _ in range(sizes.fences)]

    began = time.perf_counter()
    of_shape, points = find_points_inside(shapes, longitude, latitude)
    ours = time.perf_counter() - began

    began = time.perf_counter()
    tree = shapely.STRtree(shapes)
    found, near = tree.query(shapely.points(longitude, latitude), predicate="within")
    theirs = time.perf_counter() - began

    same = set(zip(of_shape.tolist(), points.tolist(), strict=True)) == set(
        zip(near.tolist(), found.tolist(), strict=True)
    )
    print(f"{sizes.points:,} points x {sizes.fences:,} fences: {points.size:,} pairs inside, the same by both: {same}")
    print(f"find_points_inside {ours:.2f} s; shapely's STRtree {theirs:.2f} s; {theirs / ours:.1f}x (reach: 2 s)")


def outline(rng: np.random.Generator) -> str:
    """A star-shaped polygon of 6 to 40 corners somewhere on the map, one to eight kilometres wide."""
    corners = int(rng.integers(6, 40))
    angle = (np.arange(corners) + rng.uniform(0, 0.9, corners)) * 2 * np.pi / corners
    reach = rng.uniform(0.01, 0.08, corners)
    centre = rng.uniform(113, 115), rng.uniform(39, 41)
    ring = [[centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)] for a, r in zip(angle, reach, strict=True)]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


if __name__ == "__main__":
    main()
