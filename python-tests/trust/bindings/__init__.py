"""Programs that the checks of the bindings run, each in a process of its own: it ends with 1 where it finds fault."""
