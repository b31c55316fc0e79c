"""Writes a function whose types are certain in Rust, C++ or C."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from doubles_lab.scaffold.languages import Language
from doubles_lab.scaffold.typed import BOOL, ELEMENTS, FLOAT, INT, TEXT, Source, Typed

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "&&",
    ast.Or: "||",
}
#: What computes with ints, and what divides: functions that raise where Python does, or where an int has no 64 bits.
CHECKED: dict[type[ast.AST], str] = {
    ast.Add: "checked_add",
    ast.Sub: "checked_sub",
    ast.Mult: "checked_mul",
    ast.FloorDiv: "floor_div",
    ast.Mod: "modulo",
    ast.Div: "quotient",
}


class Writer:
    """Writes one function in a language."""

    def __init__(self, typed: Typed, language: Language, name: str) -> None:
        """``name`` is what the function calls itself by."""
        self.typed, self.language, self.name = typed, language, name
        self.rust = language.name == "Rust"
        self.lines: list[str] = []
        self.depth = 1
        self.fails = False
        self.declared: set[str] = set(typed.arguments)
        self.used: set[str] = set()
        self.loops = 0

    def body(self) -> str:
        """The lines of its body."""
        for name, of in self.typed.variables.items():
            if name not in self.typed.looped and self.typed.declared_at(name) is None:
                kind = self.language.types[of]
                self.line(f"let mut {name}: {kind};" if self.rust else f"{kind} {name};")
                self.declared.add(name)
        body = self.typed.tree.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        self.block(body, last=True)
        return "\n".join(self.lines)

    def helpers(self) -> str:
        """The functions that the body uses, those first that others of them use."""
        wanted = set(self.used)
        texts = self.language.helpers
        while more := {name for name in texts for each in wanted if re.search(rf"\b{name}\b", texts[each])} - wanted:
            wanted |= more
        return "\n\n".join(texts[name] for name in texts if name in wanted)

    def line(self, text: str) -> None:
        """One line, and what must follow it if something in it may have failed."""
        self.lines.append("  " * self.depth * (2 if self.rust else 1) + text)
        if self.fails and self.language.check and not text.endswith("{"):
            self.fails = False
            self.line(self.language.check)
        self.fails = False

    def block(self, body: Sequence[ast.stmt], last: bool = False) -> None:
        """Statements; ``last`` says that nothing follows them in the function."""
        for each in body:
            self.statement(each, last and each is body[-1])

    def within(self, head: str, body: Sequence[ast.stmt], first: Sequence[str] = (), last: bool = False) -> None:
        """A statement with a block."""
        failed = self.fails
        self.line(f"{head} {{")
        self.depth += 1
        if failed and self.language.check:
            self.line(self.language.check)
        for each in first:
            self.fails = self.rust is False and "failed" in each
            self.line(each)
        before = set(self.declared)
        self.block(body, last)
        self.declared = before
        self.depth -= 1
        self.lines.append("  " * self.depth * (2 if self.rust else 1) + "}")
        if failed and self.language.check:
            self.line(self.language.check)

    def statement(self, node: ast.stmt, last: bool) -> None:
        """One statement."""
        if isinstance(node, ast.Return) and node.value is not None:
            said = self.language.returns(bare(self.expression(node.value)))
            self.fails = False  # whoever called it looks
            if self.rust and said.endswith(")?)") and one_call(said[3:-2]):
                said = said[3:-2]
            self.line(said if self.rust and last else f"return {said};")
        elif isinstance(node, ast.Break):
            self.line("break;")
        elif isinstance(node, ast.Continue):
            self.line("continue;")
        elif isinstance(node, ast.If):
            self.branches(node, last)
        elif isinstance(node, ast.While):
            always = isinstance(node.test, ast.Constant) and node.test.value is True and self.rust
            self.within("loop" if always else f"while {self.head(node.test)}", node.body)
        elif isinstance(node, ast.For):
            self.iterate(node)
        elif isinstance(node, ast.Assign):
            self.assign(node.targets[0], node.value, node)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self.assign(node.target, node.value, node)
        elif isinstance(node, ast.AugAssign):
            self.augment(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            assert isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
            push = "push" if self.rust else "push_back"
            self.line(f"{called.value.id}.{push}({bare(self.expression(node.value.args[0]))});")

    def branches(self, node: ast.If, last: bool, word: str = "if") -> None:
        """An ``if`` with what else there is."""
        head = self.head(node.test)
        if self.fails and self.language.check:
            self.loops += 1
            self.line(f"const bool test{self.loops} = {bare(head)};")
            head = f"(test{self.loops})"
        self.within(f"{word} {head}", node.body, last=last and bool(node.orelse))
        if not node.orelse:
            return
        self.lines.pop()
        other = node.orelse[0]
        if len(node.orelse) == 1 and isinstance(other, ast.If) and not self.looks_first(other.test):
            self.branches(other, last, "} else if")
        else:
            self.within("} else", node.orelse, last=last)

    def looks_first(self, node: ast.expr) -> bool:
        """Whether something has to be looked at between a condition and what depends on it."""
        self.fails = False
        self.condition(node)
        failed, self.fails = self.fails, False
        return failed and bool(self.language.check)

    def head(self, node: ast.expr) -> str:
        """A condition, as it stands behind its keyword."""
        said = bare(self.condition(node))
        return said if self.rust else f"({said})"

    def augment(self, node: ast.AugAssign) -> None:
        """``a += b``: as it is where nothing has to be checked."""
        computed = self.typed.computed[node]
        assert isinstance(node.target, ast.Name)
        plain = self.typed.types[computed] == FLOAT and not isinstance(node.op, ast.Div)
        if plain or isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
            value = bare(self.as_type(node.value, self.typed.types[computed]))
            self.line(f"{node.target.id} {OPERATORS[type(node.op)]}= {value};")
        else:
            self.assign(node.target, computed, node)

    def assign(self, target: ast.expr, value: ast.expr, node: ast.stmt) -> None:
        """An assignment, which declares the variable if that is not done."""
        assert isinstance(target, ast.Name)
        of = self.typed.types[value]
        kind = self.language.types[of]
        made = isinstance(value, ast.List)
        said = ("Vec::new()" if self.rust else f"{kind}()") if made else bare(self.expression(value))
        if self.typed.declared_at(target.id) is node and target.id not in self.declared | self.typed.looped:
            self.declared.add(target.id)
            mutable = "mut " if target.id in self.typed.changed else ""
            value_of = "" if made and not self.rust else f" = {said}"
            self.line(f"let {mutable}{target.id}: {kind}{value_of};" if self.rust else f"{kind} {target.id}{value_of};")
        else:
            self.line(f"{target.id} = {said};")

    def iterate(self, node: ast.For) -> None:
        """A ``for``."""
        loop = self.typed.loops[node]
        (source,) = loop.sources[-1:]
        assert source is not None
        if not source.name:
            self.over_range(loop.variables[0], source, node)
        elif self.rust:
            self.over_iterators(node)
        else:
            self.by_index(node)

    def over_range(self, variable: str, source: Source, node: ast.For) -> None:
        """A loop over a range, whose ends are worked out once."""
        assert source.stop is not None
        start = bare(self.expression(source.start)) if source.start is not None else "0"
        stop = bare(self.expression(source.stop))
        self.loops += 1
        if self.rust:
            mutable = "mut " if variable in self.typed.changed else ""
            self.within(f"for {mutable}{variable} in {ranged(start)}..{ranged(stop)}", node.body)
            return
        kind = self.language.types[INT]
        end = stop
        if not isinstance(source.stop, ast.Constant):
            end = f"end{self.loops}"
            self.line(f"const {kind} {end} = {stop};")
        counter = f"place{self.loops}" if variable in self.typed.changed else variable
        first = [f"{kind} {variable} = {counter};"] if counter != variable else []
        self.within(f"for ({kind} {counter} = {start}; {counter} < {end}; ++{counter})", node.body, first)

    def over_iterators(self, node: ast.For) -> None:
        """A loop over lists and text in Rust."""
        loop = self.typed.loops[node]
        iterators, patterns, first = [], [], []
        for name, source in zip(loop.variables, loop.sources):
            mutable = "mut " if name in self.typed.changed else ""
            if source is None:
                iterators.append("(0_i64..)")
                patterns.append(f"{mutable}{name}")
                continue
            of = self.typed.arguments[source.name]
            over = f"{source.name}.chars()" if of == TEXT else f"{source.name}.iter()"
            iterators.append(over + (f".skip({source.skipped})" if source.skipped else ""))
            if of == TEXT:
                patterns.append(f"{mutable}{name}")
            else:
                patterns.append(f"item_{name}")
                first.append(f"let {mutable}{name}: {self.language.types[ELEMENTS[of]]} = item_{name}.extract()?;")
        pattern, iterator = patterns[0], iterators[0]
        for more, other in zip(patterns[1:], iterators[1:]):
            pattern, iterator = f"({pattern}, {more})", f"{iterator}.zip({other})"
        self.within(f"for {pattern} in {iterator}", node.body, first)

    def by_index(self, node: ast.For) -> None:
        """A loop over lists and text by their index."""
        loop = self.typed.loops[node]
        self.loops += 1
        index = f"place{self.loops}"
        ends, first = [], []
        for name, source in zip(loop.variables, loop.sources):
            of = self.typed.arguments[source.name] if source is not None else INT
            kind = self.language.types[ELEMENTS.get(of, INT)]
            if source is None:
                first.append(f"{kind} {name} = {index};")
                continue
            more = f" + {source.skipped}" if source.skipped else ""
            ends.append(f"{index}{more} < {self.language.length(source.name, of)}")
            item = f"item_{ELEMENTS[of]}"
            self.used |= {item} & set(self.language.helpers)
            first.append(f"{kind} {name} = {self.language.element(source.name, of, index + more)};")
        kind = self.language.types["size"]
        self.within(f"for ({kind} {index} = 0; {' && '.join(ends)}; ++{index})", node.body, first)

    def condition(self, node: ast.expr) -> str:
        """What decides."""
        if isinstance(node, ast.BoolOp):
            return f"({f' {OPERATORS[type(node.op)]} '.join(map(self.condition, node.values))})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"!{self.condition(node.operand)}"
        of, said = self.typed.types[node], self.expression(node)
        if of == BOOL:
            return said
        if of in ELEMENTS:
            return f"({self.language.length(said, of)} > 0)"
        return f"({said} != {'0.0' if of == FLOAT else '0'})"

    def expression(self, node: ast.expr) -> str:
        """An expression, in parentheses if it has several parts."""
        if isinstance(node, ast.Name):
            return (
                node.id
                if node.id in self.declared | self.typed.looped
                else self.constant(self.typed.constants[node.id])
            )
        if isinstance(node, ast.Constant):
            return self.constant(node.value)
        if isinstance(node, ast.BinOp):
            return self.operator(node)
        if isinstance(node, (ast.BoolOp, ast.UnaryOp)) and self.typed.types[node] == BOOL:
            return self.condition(node)
        if isinstance(node, ast.UnaryOp):
            return self.sign(node)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.IfExp):
            test, then, other = (
                bare(self.condition(node.test)),
                self.expression(node.body),
                self.expression(node.orelse),
            )
            if self.rust:
                return f"(if {test} {{ {bare(then)} }} else {{ {bare(other)} }})"
            return f"(({test}) ? {then} : {other})"
        if isinstance(node, ast.Subscript):
            assert isinstance(node.value, ast.Name)
            name = node.value.id
            said, helper = self.language.indexed(name, self.typed.arguments[name], bare(self.expression(node.slice)))
            self.used.add(helper)
            self.fails = True
            return said
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        return self.call(node, node.func.id)

    def constant(self, value: object) -> str:
        """A number, a bool or a character."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return self.character(value)
        if isinstance(value, float):
            return repr(value)
        return f"{value}" if self.rust or abs(int(str(value))) < 1 << 31 else f"{value}LL"

    def character(self, value: str) -> str:
        """A character."""
        if value.isascii() and value.isprintable():
            escaped = "\\" + value if value in "'\\" else value
            return f"'{escaped}'"
        return f"'\\u{{{ord(value):x}}}'" if self.rust else f"0x{ord(value):x}"

    def as_type(self, node: ast.expr, of: str) -> str:
        """An expression whose int becomes a float, if that is what is wanted."""
        said = self.expression(node)
        if of != FLOAT or self.typed.types[node] != INT:
            return said
        if isinstance(node, ast.Constant):
            return f"{float(str(node.value))!r}"
        return f"({said} as f64)" if self.rust else f"(double){said}"

    def checked(self, helper: str, arguments: str) -> str:
        """A call that may fail."""
        self.used.add(helper)
        self.fails = True
        return self.language.checked(helper, arguments)

    def operator(self, node: ast.BinOp) -> str:
        """Arithmetic."""
        of = self.typed.types[node]
        ints = {self.typed.types[node.left], self.typed.types[node.right]} == {INT}
        if ints and type(node.op) in CHECKED:
            left, right = bare(self.expression(node.left)), bare(self.expression(node.right))
            return self.checked(CHECKED[type(node.op)], f"{left}, {right}")
        left, right = self.as_type(node.left, of), self.as_type(node.right, of)
        if isinstance(node.op, ast.Div):
            constant = isinstance(node.right, ast.Constant) and node.right.value
            if not constant:
                return self.checked("divide", f"{bare(left)}, {bare(right)}")
        return f"({left} {OPERATORS[type(node.op)]} {right})"

    def sign(self, node: ast.UnaryOp) -> str:
        """A sign."""
        said = self.expression(node.operand)
        if isinstance(node.op, ast.UAdd):
            return said
        if self.typed.types[node] == INT and not isinstance(node.operand, ast.Constant):
            return self.checked("checked_sub", f"0, {bare(said)}")
        return f"(-{said})"

    def comparison(self, node: ast.Compare) -> str:
        """Comparisons, of which all must hold."""
        if isinstance(node.ops[0], (ast.In, ast.NotIn)):
            chars = node.comparators[0]
            assert isinstance(chars, ast.Constant) and isinstance(chars.value, str)
            left = self.expression(node.left)
            if self.rust:
                said = f"matches!({left}, {' | '.join(map(self.character, dict.fromkeys(chars.value)))})"
            else:
                said = f"({' || '.join(f'{left} == {self.character(each)}' for each in dict.fromkeys(chars.value))})"
            return said if isinstance(node.ops[0], ast.In) else f"!{said}"
        found = []
        every = [node.left, *node.comparators]
        for one, operator, other in zip(every, node.ops, every[1:]):
            of = FLOAT if FLOAT in (self.typed.types[one], self.typed.types[other]) else ""
            found.append(f"{self.as_type(one, of)} {OPERATORS[type(operator)]} {self.as_type(other, of)}")
        return f"({' && '.join(found)})"

    def call(self, node: ast.Call, called: str) -> str:
        """A builtin, or the function itself."""
        arguments = [bare(self.expression(each)) for each in node.args]
        of = self.typed.types[node.args[0]]
        if called == self.typed.name:
            self.fails = True
            return self.language.checked(self.name, ", ".join(arguments))
        if called == "len":
            length = self.language.length(arguments[0], of)
            return f"({length} as i64)" if self.rust else f"(long long){length}"
        if called == "abs" and of == INT:
            return self.checked("checked_abs", arguments[0])
        if called == "abs":
            return f"{self.expression(node.args[0])}.abs()" if self.rust else f"fabs({arguments[0]})"
        if called in ("min", "max"):
            helper = f"{'least' if called == 'min' else 'greatest'}{'_int' if of == INT else ''}"
            self.used.add(helper)
            return f"{helper}({', '.join(arguments)})"
        if called == "float":
            return self.as_type(node.args[0], FLOAT)
        if of == INT:
            return self.expression(node.args[0])
        return f"({arguments[0]} as i64)" if self.rust else f"(long long)({arguments[0]})"


def bare(text: str) -> str:
    """An expression without the parentheses around all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, each in enumerate(text):
        depth += (each == "(") - (each == ")")
        if not depth:
            return text[1:-1] if place == len(text) - 1 else text
    return text


def one_call(text: str) -> bool:
    """Whether an expression is a call, and nothing besides."""
    name, _, rest = text.partition("(")
    return name.isidentifier() and bare(f"({rest}") != f"({rest}"


def ranged(text: str) -> str:
    """An end of a range in Rust."""
    return text if text.replace("_", "").replace(".", "").isalnum() or text.endswith(")?") else f"({text})"
