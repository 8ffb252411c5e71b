"""How the hot loops of this package are compiled: two decorators, and three operations that numba has no words for.

A kernel works on arrays and scalars that it is given, and allocates nothing. Its array indices are unsigned where speed
matters: numba checks a signed index for being negative. (It also makes a float of a signed and an unsigned operand.)
"""

import contextlib
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Integer = int | np.integer[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

# Without `_nrt=False` the code counts references to its arrays at every call that was inlined: 3 to 5 times slower.
OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}

_config: Any = numba.config
HERE = Path(__file__).parent
NUMBERS = (
    "fitness/instructions.py",
    "fitness/statuses.py",
    "primitives/dtypes.py",
    "primitives/opcodes.py",
    "primitives/types.py",
)
"""Files without kernels whose constants are compiled into kernels."""


def sources() -> list[Path]:
    """The files that decide what the kernels do: those that import this one, and NUMBERS."""
    with_kernels = [path for path in HERE.rglob("*.py") if b"fitness.kernels" in path.read_bytes()]
    return sorted({Path(__file__), *with_kernels, *(HERE.parent / name for name in NUMBERS)})


def _keep_by_source() -> None:
    """Keep compiled kernels in a folder named for their sources.

    numba compiles a kernel anew when its own file changes, but not when that of a kernel does which it has inlined.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources())).hexdigest()[:16]
    base = Path(_config.CACHE_DIR or HERE / "__pycache__")
    folder = base / f"kernels-{digest}"
    if not folder.exists() and not _config.CACHE_DIR:
        for older in base.glob("kernels-*"):
            shutil.rmtree(older, ignore_errors=True)
    with contextlib.suppress(OSError):  # where nothing can be written numba finds a place of its own
        folder.mkdir(parents=True, exist_ok=True)
        _config.CACHE_DIR = str(folder)


_keep_by_source()


def kernel(function: Function) -> Function:
    """Compile a function that allocates nothing. Division by zero gives inf or nan."""
    compiled: Function = njit(**OPTIONS)(function)
    return compiled


def inlined(function: Function) -> Function:
    """Compile like `kernel`, and inline into every caller."""
    compiled: Function = njit(forceinline=True, **OPTIONS)(function)
    return compiled


def _popcount(typingctx: Any, word: Any) -> Any:
    """Number of set bits of a uint64, as a uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), codegen


def _leading_zeros(typingctx: Any, word: Any) -> Any:
    """Number of zeros above the highest set bit of a uint64, as a uint64; 64 of 0."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), codegen


def _add_to_earlier(typingctx: Any, counts: Any, group: Any, lane: Any, amount: Any) -> Any:
    """counts[group + k] += amount for k < lane, of 16, in one vector operation: of a loop LLVM makes 16 scalar ones.

    `counts` is an array of uint32, the others are uint64; a negative amount is in two's complement.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array, group, lane, amount = args
        count, vector = ir.IntType(32), ir.VectorType(ir.IntType(32), 16)
        undefined, lanes = ir.Constant(vector, ir.Undefined), ir.Constant(vector, list(range(16)))

        def splat(scalar: Any) -> Any:
            first = builder.insert_element(undefined, builder.trunc(scalar, count), ir.Constant(count, 0))
            return builder.shuffle_vector(first, undefined, ir.Constant(vector, [0] * 16))

        data = context.make_array(signature.args[0])(context, builder, array).data
        siblings = builder.bitcast(builder.gep(data, [group]), vector.as_pointer())
        old = builder.load(siblings, align=4)
        new = builder.add(old, splat(amount))
        builder.store(builder.select(builder.icmp_unsigned("<", lanes, splat(lane)), new, old), siblings, align=4)
        return context.get_dummy_value()

    return types.void(counts, types.uint64, types.uint64, types.uint64), codegen


popcount: Callable[..., np.uint64] = intrinsic(_popcount)
leading_zeros: Callable[..., np.uint64] = intrinsic(_leading_zeros)
add_to_earlier: Callable[..., None] = intrinsic(_add_to_earlier)
