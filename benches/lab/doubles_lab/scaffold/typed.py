"""Types of C for a function in plain Python: the type of every expression in it, where all of them are certain.

What is certain is little: ints of 64 bits, floats, bools and characters; loops over ranges, lists of numbers and text;
conditions, comparisons and arithmetic. What writes such a function in another language has to check that an int fits in
64 bits, and that nothing is divided by zero.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doubles_lab.ceiling.signature import KEYWORDS, Shape, Signature, number_list
from doubles_lab.scaffold.own import Own

INT, FLOAT, BOOL, CHARACTER, TEXT = "int", "float", "bool", "character", "str"
#: A list of these, which is an argument or is made.
LISTS = {INT: "list[int]", FLOAT: "list[float]", BOOL: "list[bool]"}
ELEMENTS = {of: each for each, of in LISTS.items()} | {TEXT: CHARACTER}
#: The operators of ints and of floats.
OF_INTS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.BitAnd, ast.BitOr, ast.BitXor)
OF_FLOATS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
#: Names that an argument cannot have, since they stand around the function in another language, and no variable.
AROUND = frozenset(["arg", "args", "compute", "failed", "module", "nargs", "py", "result"])
TAKEN = KEYWORDS.difference(["bool", "float", "int", "len"]) | {"compute", "failed", "py"}
#: Names of the functions that a translation calls, and of its own variables.
OWN = re.compile(
    r"checked_\w+|item_\w+|indexed(_\w+)?|character_at|(least|greatest)(_int)?|floor_div|modulo|divide|quotient|fail|overflow|zero_division"
    r"|(place|end|test)\d+"
)
#: Where in a function a name stands: the blocks around it, from the outermost on.
Path = tuple[int, ...]


class Uncertain(Exception):
    """A function with a part whose type is not certain. Its text says which."""


@dataclass(frozen=True)
class Source:
    """What a loop goes over: a range, or an argument from a place on."""

    #: "" for a range, from ``start`` to ``stop``.
    name: str
    start: ast.expr | None = None
    stop: ast.expr | None = None
    skipped: int = 0


@dataclass(frozen=True)
class Loop:
    """A loop: its variables, and what each goes over; a counter goes over nothing."""

    variables: tuple[str, ...]
    sources: tuple[Source | None, ...]


@dataclass
class Typed:
    """A function whose types are all certain."""

    name: str
    tree: ast.FunctionDef
    arguments: dict[str, str]
    returned: str
    #: The numbers of its module that it uses.
    constants: Mapping[str, Any]
    #: The type of each expression and of each variable.
    types: dict[ast.expr, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    loops: dict[ast.For, Loop] = field(default_factory=dict)
    #: Where each name is first assigned to, and every place where it stands.
    first: dict[str, ast.stmt] = field(default_factory=dict)
    places: dict[str, list[Path]] = field(default_factory=dict)
    #: The variables of loops, which each loop has for itself.
    looped: set[str] = field(default_factory=set)
    #: The variables that are assigned to again.
    changed: set[str] = field(default_factory=set)
    #: What ``a += b`` computes.
    computed: dict[ast.AugAssign, ast.BinOp] = field(default_factory=dict)
    #: The types of the arguments of which single elements are read.
    indexed: set[str] = field(default_factory=set)
    #: Operators of ints that Python's own compilers do not check, or that they round in another way.
    unchecked: bool = False

    def declared_at(self, name: str) -> ast.stmt | None:
        """The statement that can declare a variable, since it is only used after that and around it; or ``None``."""
        places = self.places[name]
        return self.first[name] if all(each[: len(places[0])] == places[0] for each in places) else None


def typed(own: Own, signature: Signature) -> Typed:
    """The types of a function. Raises :class:`Uncertain`."""
    if not own.simple or len(own.tree.args.args) != len(signature.arguments):
        raise Uncertain("its arguments are not all given by position")
    names = [each.arg for each in own.tree.args.args]
    arguments = {name: type_of(each.shape) for name, each in zip(names, signature.arguments)}
    returned = "None" if signature.result.what == "none" else type_of(signature.result)
    if returned in (TEXT, CHARACTER, "None"):
        raise Uncertain(f"it gives {returned}")
    used = {each.id for each in ast.walk(own.tree) if isinstance(each, ast.Name)}
    if TAKEN & used or (TAKEN | AROUND) & {*names} or any(map(OWN.fullmatch, used)):
        raise Uncertain("a name in it means something else in another language")
    tree = ast.fix_missing_locations(Sums(used).visit(own.tree))
    found = Typed(own.name, tree, arguments, returned, own.constants)
    Walk(found, own).function()
    return found


def type_of(shape: Shape) -> str:
    """The type of an argument or a result. Raises :class:`Uncertain`."""
    if shape.what in (INT, FLOAT, BOOL, TEXT):
        return shape.what
    if shape.what == "list" and (number_list(shape) or shape.inside[0].what == BOOL):
        return LISTS[shape.inside[0].what]
    raise Uncertain(f"a {shape.what} has no type in C that does the same")


def refuse(node: ast.AST) -> Uncertain:
    """What says that a part is not certain."""
    return Uncertain(f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node).partition(chr(10))[0]}")


class Sums(ast.NodeTransformer):
    """Makes a loop of ``return sum(… for …)``, which adds ints: of floats, the sum of none is an int."""

    def __init__(self, used: Collection[str]) -> None:
        """``used`` are the names that cannot be taken."""
        self.name = next(each for each in ("total", "sum_", "total_") if each not in used)

    def visit_Return(self, node: ast.Return) -> Any:
        """The statements in its place."""
        call = node.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "sum":
            return node
        if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.GeneratorExp):
            return node
        if len(call.args[0].generators) != 1:
            return node
        (made,) = call.args[0].generators
        element = ast.Call(ast.Name("int", ast.Load()), [call.args[0].elt], [])
        body: ast.stmt = ast.AugAssign(ast.Name(self.name, ast.Store()), ast.Add(), element)
        for test in reversed(made.ifs):
            body = ast.If(test, [body], [])
        start = ast.Assign([ast.Name(self.name, ast.Store())], ast.Constant(0))
        loop = ast.For(made.target, made.iter, [body], [])
        found = [start, loop, ast.Return(ast.Name(self.name, ast.Load()))]
        return [ast.copy_location(each, node) for each in found]


class Walk:
    """Goes through a function once, in the order in which it runs."""

    def __init__(self, found: Typed, own: Own) -> None:
        self.found, self.own = found, own
        #: The variables that have a value for sure.
        self.known: set[str] = set(found.arguments)
        self.path: Path = ()
        self.blocks = 0

    def function(self) -> None:
        """The whole function."""
        body = self.found.tree.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]  # the docstring
        if not self.block(body):
            raise Uncertain("it may end without a return")

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Statements in a block of their own; returns whether what stands behind them is never reached."""
        before, self.blocks = self.path, self.blocks + 1
        self.path = (*before, self.blocks)
        ended = False
        for each in body:
            if ended:
                raise refuse(each)
            ended = self.statement(each)
        self.path = before
        return ended

    def statement(self, node: ast.stmt) -> bool:
        """One statement; returns whether it leaves the block."""
        if isinstance(node, ast.Return) and node.value is not None:
            if self.type(node.value) != self.found.returned:
                raise refuse(node)
            return True
        if isinstance(node, (ast.Break, ast.Continue)):
            return True
        if isinstance(node, ast.Pass):
            return False
        if isinstance(node, ast.If):
            return self.branches(node)
        if isinstance(node, ast.While) and not node.orelse:
            self.condition(node.test)
            self.loop(node.body)
            return False
        if isinstance(node, ast.For) and not node.orelse:
            self.iterates(node)
            return False
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            self.assign(node.target, node.value, node)
            return False
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self.assign(node.targets[0], node.value, node)
            return False
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            name = ast.Name(node.target.id, ast.Load())
            computed = ast.copy_location(ast.BinOp(ast.copy_location(name, node), node.op, node.value), node)
            self.assign(node.target, computed, node)
            self.found.computed[node] = computed
            return False
        if isinstance(node, ast.Expr) and self.appends(node.value):
            return False
        raise refuse(node)

    def branches(self, node: ast.If) -> bool:
        """An ``if``: known afterwards is what both branches assign to, of those that go on."""
        self.condition(node.test)
        before = set(self.known)
        ended = self.block(node.body)
        then, self.known = self.known, before
        other = self.block(node.orelse) if node.orelse else False
        if ended != other:
            self.known = self.known if ended else then
        else:
            self.known = self.known & then
        return ended and other

    def loop(self, body: Sequence[ast.stmt]) -> None:
        """The body of a loop, which may not run at all."""
        before = set(self.known)
        self.block(body)
        self.known = before

    def iterates(self, node: ast.For) -> None:
        """A ``for``: over a range or an argument, several of these by ``zip``, or one with a counter."""
        iterated, targets = node.iter, [node.target]
        sources: list[ast.expr | None] = [iterated]
        if isinstance(node.target, ast.Tuple):
            targets = list(node.target.elts)
            called = iterated.func.id if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name) else ""
            inner = list(iterated.args) if isinstance(iterated, ast.Call) and not iterated.keywords else []
            if called == "zip" and len(inner) == len(targets) > 1:
                sources = list(inner)
            elif called == "enumerate" and len(inner) == 1 and len(targets) == 2:
                sources = [None, inner[0]]
            else:
                raise refuse(node)
        found = [None if each is None else self.source(each) for each in sources]
        if len(found) > 1 and any(each is not None and not each.name for each in found):
            raise refuse(node)
        before = set(self.known)
        self.blocks += 1
        outer, self.path = self.path, (*self.path, self.blocks)
        names = []
        for target, each in zip(targets, found):
            if not isinstance(target, ast.Name) or target.id in self.known:
                raise refuse(node)
            if target.id in self.found.variables and target.id not in self.found.looped:
                raise refuse(node)
            of = INT if each is None or not each.name else ELEMENTS[self.found.arguments[each.name]]
            self.found.looped.add(target.id)
            self.bind(target.id, of, node)
            names.append(target.id)
        self.found.loops[node] = Loop(tuple(names), tuple(found))
        self.block(node.body)
        self.path, self.known = outer, before

    def source(self, node: ast.expr) -> Source:
        """What a loop goes over."""
        skipped = 0
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            lower = node.slice.lower
            if node.slice.upper or node.slice.step or not isinstance(lower, ast.Constant):
                raise refuse(node)
            if type(lower.value) is not int or lower.value < 0:
                raise refuse(node)
            node, skipped = node.value, lower.value
        if isinstance(node, ast.Name) and self.found.arguments.get(node.id) in ELEMENTS:
            if node.id in self.own.assigned():
                raise refuse(node)
            return Source(node.id, skipped=skipped)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and not skipped:
            if len(node.args) not in (1, 2) or node.keywords or any(self.type(each) != INT for each in node.args):
                raise refuse(node)
            return Source("", node.args[0] if len(node.args) == 2 else None, node.args[-1])
        raise refuse(node)

    def assign(self, target: ast.expr, value: ast.expr, node: ast.stmt) -> None:
        """An assignment to a variable."""
        if not isinstance(target, ast.Name) or (target.id in self.found.arguments and self.heavy(target.id)):
            raise refuse(node)
        if isinstance(value, ast.List) and not value.elts:
            if self.found.returned not in ELEMENTS or self.found.returned == TEXT:
                raise refuse(node)
            self.found.types[value] = self.found.returned
        self.bind(target.id, self.found.types[value] if isinstance(value, ast.List) else self.type(value), node)

    def heavy(self, name: str) -> bool:
        """Whether an argument is a list or a text."""
        return self.found.arguments[name] in ELEMENTS

    def bind(self, name: str, of: str, node: ast.stmt) -> None:
        """A variable gets a value."""
        known = self.found.arguments.get(name) or self.found.variables.get(name, of)
        if known != of or name == self.found.name or of == TEXT:
            raise refuse(node)
        if name in self.found.arguments:
            self.found.changed.add(name)
        else:
            self.found.variables[name] = of
        if name in self.found.first and not isinstance(node, ast.For):
            self.found.changed.add(name)
        self.found.first.setdefault(name, node)
        self.found.places.setdefault(name, []).append(self.path)
        self.known.add(name)

    def appends(self, node: ast.expr) -> bool:
        """Whether it appends to a list that is made here."""
        called = node.func if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords else None
        if not isinstance(called, ast.Attribute) or called.attr != "append" or not isinstance(called.value, ast.Name):
            return False
        of = self.found.variables.get(called.value.id, "")
        assert isinstance(node, ast.Call)
        if self.type(called.value) not in ELEMENTS or ELEMENTS.get(of) != self.type(node.args[0]):
            return False
        self.found.changed.add(called.value.id)
        return True

    def condition(self, node: ast.expr) -> None:
        """What decides: a bool, or a number that is not zero, or what is not empty."""
        if isinstance(node, ast.BoolOp):
            for each in node.values:
                self.condition(each)
            self.found.types[node] = BOOL
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.condition(node.operand)
            self.found.types[node] = BOOL
        elif self.type(node) == CHARACTER:
            raise refuse(node)

    def type(self, node: ast.expr) -> str:
        """The type of an expression."""
        found = self.kind(node)
        self.found.types[node] = found
        return found

    def kind(self, node: ast.expr) -> str:
        """The same, of what is inside."""
        if isinstance(node, ast.Name):
            return self.of_name(node)
        if isinstance(node, ast.Constant):
            return self.of_constant(node)
        if isinstance(node, ast.BinOp):
            return self.of_operator(node)
        if isinstance(node, ast.UnaryOp):
            return self.of_unary(node)
        if isinstance(node, ast.BoolOp):
            if any(self.type(each) != BOOL for each in node.values):
                raise refuse(node)
            return BOOL
        if isinstance(node, ast.Compare):
            return self.of_comparison(node)
        if isinstance(node, ast.IfExp):
            self.condition(node.test)
            found = self.type(node.body)
            if self.type(node.orelse) != found or found in ELEMENTS:
                raise refuse(node)
            return found
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.of_call(node, node.func.id)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and self.type(node.slice) == INT:
            self.found.indexed.add(self.found.arguments.get(node.value.id, ""))
            if self.type(node.value) in ELEMENTS and node.value.id in self.found.arguments:
                return ELEMENTS[self.found.arguments[node.value.id]]
        raise refuse(node)

    def of_name(self, node: ast.Name) -> str:
        """A variable, or a number that the module has."""
        if node.id in self.known:
            self.found.places.setdefault(node.id, []).append(self.path)
            return self.found.arguments.get(node.id) or self.found.variables[node.id]
        value = self.own.constants.get(node.id)
        if value is None or node.id in self.found.variables:
            raise refuse(node)
        return self.of_constant(ast.copy_location(ast.Constant(value), node))

    def of_constant(self, node: ast.Constant) -> str:
        """A number, a bool or a character."""
        value = node.value
        if type(value) is bool:
            return BOOL
        if type(value) is int and abs(value) < 1 << 63:
            return INT
        if type(value) is float and math.isfinite(value):
            return FLOAT
        if type(value) is str and len(value) == 1 and not "\ud800" <= value <= "\udfff":
            return CHARACTER
        raise refuse(node)

    def of_operator(self, node: ast.BinOp) -> str:
        """Arithmetic. Ints among floats become floats; ints alone stay ints, but for their quotient."""
        sides = {self.type(node.left), self.type(node.right)}
        if sides == {INT}:
            if isinstance(node.op, ast.Div):
                self.found.unchecked = True
                return FLOAT
            if isinstance(node.op, OF_INTS):
                return INT
        if FLOAT in sides and sides <= {INT, FLOAT} and isinstance(node.op, OF_FLOATS):
            return FLOAT
        raise refuse(node)

    def of_unary(self, node: ast.UnaryOp) -> str:
        """A sign, or ``not``."""
        if isinstance(node.op, ast.Not):
            self.condition(node.operand)
            return BOOL
        found = self.type(node.operand)
        if not isinstance(node.op, (ast.USub, ast.UAdd)) or found not in (INT, FLOAT):
            raise refuse(node)
        if found == INT and not isinstance(node.operand, ast.Constant):
            self.found.unchecked = True
        return found

    def of_comparison(self, node: ast.Compare) -> str:
        """Comparisons of two values of one type; of a character also with those in a literal."""
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            chars = node.comparators[0]
            literal = isinstance(chars, ast.Constant) and type(chars.value) is str and chars.value
            if self.type(node.left) != CHARACTER or not literal or not isinstance(node.left, ast.Name):
                raise refuse(node)
            for each in chars.value if isinstance(chars, ast.Constant) and isinstance(chars.value, str) else "":
                self.of_constant(ast.copy_location(ast.Constant(each), node))
            return BOOL
        every = [node.left, *node.comparators]
        kinds = [self.type(each) for each in every]
        plain = all(isinstance(each, (ast.Name, ast.Constant)) for each in every[1:-1])
        order = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
        if not plain or not all(isinstance(each, order) for each in node.ops):
            raise refuse(node)
        for one, other in zip(zip(every, kinds), zip(every[1:], kinds[1:])):
            numbers = {one[1], other[1]} == {INT, FLOAT}
            # Python compares an int and a float exactly; one of them that is small and stands there is a float.
            small = [each for each, kind in (one, other) if kind == INT and isinstance(each, ast.Constant)]
            if one[1] in ELEMENTS or not (one[1] == other[1] or (numbers and small)):
                raise refuse(node)
        return BOOL

    def of_call(self, node: ast.Call, called: str) -> str:
        """A builtin that is the same in every language, or the function itself."""
        if called in self.known:
            raise refuse(node)
        kinds = [self.type(each) for each in node.args]
        if called == self.found.name and kinds == list(self.found.arguments.values()):
            if any(each in ELEMENTS for each in kinds) or self.found.returned in ELEMENTS:
                raise refuse(node)
            return self.found.returned
        if called == "len" and len(kinds) == 1 and kinds[0] in ELEMENTS:
            return INT
        if called == "abs" and kinds in ([INT], [FLOAT]):
            self.found.unchecked = self.found.unchecked or kinds == [INT]
            return kinds[0]
        if called in ("min", "max") and kinds in ([INT, INT], [FLOAT, FLOAT]):
            return kinds[0]
        if called == "float" and kinds in ([INT], [FLOAT]):
            return FLOAT
        if called == "int" and kinds in ([INT], [BOOL]):
            return INT
        if called == "ord" and kinds == [CHARACTER]:
            return INT
        raise refuse(node)
