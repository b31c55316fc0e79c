"""What a host reads: workflows, forms, the citation. No row needs a network, and none shows that a workflow runs."""

from __future__ import annotations

import re

from trust.check import ROOT, CannotRun, Check, Failed, Setting

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
CONFIG = GITHUB / "ISSUE_TEMPLATE" / "config.yml"

#: By the names that check-jsonschema has for the schemas that it brings.
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.dependabot": [GITHUB / "dependabot.yml"],
    "vendor.github-issue-forms": sorted(set(CONFIG.parent.glob("*.yml")) - {CONFIG}),
    "vendor.github-issue-config": [CONFIG],
}


def run(setting: Setting, *command: object) -> str:
    """Runs a tool that needs a later Python than the bindings."""
    try:
        return setting.command([str(word) for word in command])
    except CannotRun as reason:
        raise CannotRun(f"{reason}: it needs Python 3.11 or later in .venv") from None


def actionlint(setting: Setting) -> str:
    if not WORKFLOWS:
        raise Failed("there is no workflow")
    run(setting, "actionlint", *WORKFLOWS)
    return f"no finding in {len(WORKFLOWS)} workflows"


def zizmor(setting: Setting) -> str:
    """What an attacker would look for, and that every action is pinned to a commit."""
    run(setting, "zizmor", "--offline", "--no-progress", "--persona", "pedantic", GITHUB)
    pins = re.findall(r"uses: \S+@([0-9a-f]{40}) # v", "".join(file.read_text(encoding="utf-8") for file in WORKFLOWS))
    used = sum(file.read_text(encoding="utf-8").count("uses: ") for file in WORKFLOWS)
    if not used or len(pins) != used:
        raise Failed(f"{used - len(pins)} of {used} actions have no commit, or no version beside it")
    return f"no finding; {used} uses of actions, each pinned to a commit with its version beside it"


def schemas(setting: Setting) -> str:
    for schema, files in SCHEMAS.items():
        if not files:
            raise Failed(f"there is no file for {schema}")
        run(setting, "check-jsonschema", "--builtin-schema", schema, *files)
    return f"{sum(map(len, SCHEMAS.values()))} files as GitHub's schemas have them"


def citation(setting: Setting) -> str:
    run(setting, "check-jsonschema", "--builtin-schema", "vendor.citation-file-format", ROOT / "CITATION.cff")
    return "CITATION.cff as the Citation File Format has it"


CHECKS = [
    Check("hosted-actionlint", "workflows, by actionlint", "no finding", actionlint),
    Check("hosted-zizmor", "workflows, by zizmor", "no finding, every action pinned", zizmor),
    Check("hosted-schemas", "workflows and forms, by their schemas", "valid", schemas),
    Check("hosted-citation", "CITATION.cff, by its schema", "valid", citation),
]
