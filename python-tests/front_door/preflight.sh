#!/bin/sh
# Checks what `make` needs before it downloads or compiles anything: one sentence for each thing that is missing, with the
# command that installs it. Exit code 1 where nothing can be built, 0 where some approaches are left out or none is.
#
#     PYTHON=python3 sh python-tests/front_door/preflight.sh [GOAL ...]
#
# It may use nothing that it looks for, so it is written for POSIX sh and the few programs that every system has.

# What a first `make lab` and a first `make test` add to the disk, in MiB, a fifth added to what was measured.
LAB_NEEDS=3000
TEST_NEEDS=5000
TESTS_SCRATCH_NEEDS=1000

cd "$(dirname "$0")/../.." || exit 1
PYTHON=${PYTHON:-python3}
cargo_home=${CARGO_HOME:-$HOME/.cargo}
stops=0

# The one that is in .venv already is what everything is built for; otherwise the one that .venv is made with.
venv=$PWD/.venv
PATH=$(printf '%s' "$PATH" | sed "s|^$venv/bin:||")
if "$venv/bin/python" -c '' > /dev/null 2>&1; then
    PYTHON=$venv/bin/python
else
    venv=
fi

case $(uname -s) in
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*) system=windows ;;
    *)
        system=unknown
        release=${DOUBLES_OS_RELEASE:-/etc/os-release}
        if [ -r "$release" ]; then
            # shellcheck disable=SC1090
            case " $(. "$release" && echo "$ID ${ID_LIKE:-}") " in
                *' debian '* | *' ubuntu '*) system=debian ;;
                *' fedora '* | *' rhel '*) system=fedora ;;
            esac
        fi
        ;;
esac

stop() {
    echo "preflight: $1" >&2
    stops=1
}

left_out() {
    echo "preflight: $1" >&2
}

# install WHAT DEBIAN FEDORA MACOS: the rest of a sentence, with the command that installs it on this system.
install() {
    case $system in
        debian) echo "this installs it: sudo apt-get install $2" ;;
        fedora) echo "this installs it: sudo dnf install $3" ;;
        macos) echo "this installs it: $4" ;;
        *) echo "install $1 with your system's package manager" ;;
    esac
}

# Whether a dotted version is at least another.
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sed 's/[^0-9.].*//' | sort -t. -k1,1n -k2,2n -k3,3n | sed -n 1p)" = "$2" ]
}

# The value of a key in a TOML file: value FILE KEY.
value() {
    sed -n "s/^$2 *= *\"\(.*\)\".*/\1/p" "$1" | sed -n 1p
}

# Make splits names at blanks, and neither RUSTFLAGS nor an interpreter's line in a script can quote one.
case $PWD in
    *[[:space:]]*) stop "this directory has a blank in its path, $PWD, which make cannot work with: move it elsewhere" ;;
esac

if [ $system = windows ]; then
    stop "Windows is not supported: use Linux, under WSL for example"
fi

# ---- Rust

oldest=$(value Cargo.toml rust-version)
rustup="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
for program in cargo rustc; do
    found=$(command -v $program || command -v "$cargo_home/bin/$program")
    if [ -z "$found" ]; then
        stop "$program is missing, and nothing can be built without it; this installs Rust: $rustup"
        [ $program = cargo ] && break
        continue
    fi
    # Not in this directory, whose manifest an old Cargo cannot read.
    if ! said=$(cd / && "$found" --version 2>&1); then
        said=$(printf '%s\n' "$said" | sed -n 1p)
        stop "$found does not run (${said#error: }), and nothing can be built without it; this may mend it: rustup default stable"
        break
    fi
    version=$(printf '%s\n' "$said" | sed -n 's/^[a-z]* \([0-9][0-9.]*\).*/\1/p')
    if ! at_least "$version" "$oldest"; then
        if [ "$found" != "$cargo_home/bin/$program" ] && [ -x "$cargo_home/bin/$program" ]; then
            mend="this puts the one in $cargo_home/bin before it: . $cargo_home/env"
        elif command -v rustup > /dev/null; then
            mend="this brings a newer one: rustup update stable && rustup default stable"
        else
            mend="this installs a newer one: $rustup"
        fi
        stop "$found is Rust $version, and Rust $oldest or later is needed; $mend"
        break
    fi
done
existing=$cargo_home
while [ ! -e "$existing" ] && [ "$existing" != / ]; do
    existing=$(dirname "$existing")
done
if [ ! -d "$existing" ] || [ ! -w "$existing" ]; then
    stop "Cargo keeps what it downloads in $cargo_home, which cannot be written; this chooses another place: export CARGO_HOME=DIRECTORY"
fi

# ---- compilers

command_line_tools='xcode-select --install'

scratch=$(mktemp -d 2> /dev/null) && trap 'rm -rf "$scratch"' EXIT && trap 'exit 1' HUP INT TERM
if [ -z "$scratch" ]; then
    stop "no file can be made in the temporary directory; this chooses another: export TMPDIR=DIRECTORY"
else
    # compiles COMMAND ...: whether it succeeds; otherwise its first error is in $said.
    compiles() {
        said=$("$@" -o "$scratch/tried" 2>&1) && return
        said=$(printf '%s\n' "$said" | sed -n '/error/{s/^.*error: //p;q;}')
        return 1
    }
    printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' > "$scratch/try.c"
    printf '#include <cstddef>\nstd::size_t tried;\n' > "$scratch/try.cc"
    lost="the approaches through pybind11, nanobind and Pythran are left out, and so are their tests"
    # On macOS each is a program that offers to install itself.
    if [ $system = macos ] && ! xcode-select -p > /dev/null 2>&1; then
        stop "the C compiler is missing, and nothing can be built without it; $(install '' '' '' "$command_line_tools")"
    else
        if ! command -v cc > /dev/null; then
            stop "the C compiler (cc) is missing, and nothing can be built without it; $(
                install 'a C compiler' 'gcc libc6-dev' gcc "$command_line_tools")"
        elif ! compiles cc "$scratch/try.c"; then
            stop "cc builds nothing (${said:-no error was printed}), and nothing can be built without it; $(
                install "the C library's headers" 'gcc libc6-dev' 'gcc glibc-devel' "$command_line_tools")"
        fi
        if ! command -v c++ > /dev/null; then
            left_out "the C++ compiler (c++) is missing: $lost; $(
                install 'a C++ compiler' g++ gcc-c++ "$command_line_tools")"
        elif ! compiles c++ -c "$scratch/try.cc"; then
            left_out "c++ compiles nothing (${said:-no error was printed}): $lost; $(
                install "C++'s headers" g++ gcc-c++ "$command_line_tools")"
        fi
    fi
fi

# ---- Python

python_range=$(value benches/lab/pyproject.toml requires-python)
first=${python_range#>=}
python_range=$(value bindings/cpython/pyproject.toml requires-python)
beyond=${python_range#*<}
last=${beyond%.*}.$((${beyond#*.} - 1))
other="this uses another: PYTHON=/PATH/TO/python3 make"
probe='
import sys
print("%d.%d" % sys.version_info[:2])
import sysconfig
print(getattr(getattr(sys, "implementation", None), "name", "?") + ("-t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""))
print(getattr(sys, "base_prefix", sys.prefix))
print(sysconfig.get_path("include"))
lacking = []
for name in sys.argv[1:]:
    try:
        __import__(name)
    except ImportError:
        lacking.append(name)
print(" ".join(lacking))
print((sysconfig.get_config_var("CC") or "cc").split()[0])
'
if ! command -v "$PYTHON" > /dev/null; then
    stop "Python ($PYTHON) is missing, and nothing can be built without it; $(
        install "Python $first or later" 'python3 python3-dev python3-venv' 'python3 python3-devel' "$command_line_tools")"
elif ! facts=$("$PYTHON" -c "$probe" ssl zlib ctypes venv ensurepip 2> /dev/null); then
    stop "$PYTHON does not run, and nothing can be built without it; $other"
else
    fact() {
        printf '%s\n' "$facts" | sed -n "$1p"
    }
    version=$(fact 1)
    lacking=$(fact 5)
    compiler=$(fact 6)
    # of_python WHAT DEBIAN FEDORA: as install, where this Python is the system's.
    of_python() {
        case $(fact 3) in
            /usr)
                # There are packages of each version, and of the one that is python3.
                case $PYTHON in
                    python3 | */python3) package=python3 ;;
                    *) package=python$version ;;
                esac
                install "$1" "$package-$2" "$package${3:+-$3}" "$command_line_tools"
                ;;
            *) [ $system = macos ] && echo "this installs Apple's: $command_line_tools" || echo "$other" ;;
        esac
    }
    if ! at_least "$version" "$first"; then
        stop "$PYTHON is Python $version, and Python $first or later is needed; $other"
    elif [ "$(fact 2)" != cpython ]; then
        stop "$PYTHON is not CPython with a GIL, which is what the approaches are built for; $other"
    else
        for name in $lacking; do
            case $name in
                venv | ensurepip)
                    [ -n "$venv" ] || stop "$PYTHON lacks $name, so that no virtual environment can be made; $(
                        of_python "Python's venv" venv '')"
                    break
                    ;;
                *) stop "$PYTHON was built without its module $name, which everything needs; $other" ;;
            esac
        done
        if at_least "$version" "$beyond"; then
            case $system in
                fedora) with_it="this installs one that it supports: sudo dnf install python$last-devel && export PYTHON=python$last" ;;
                macos) with_it="this installs one that it supports: brew install python@$last && export PYTHON=python$last" ;;
                *) with_it="this uses one that it supports: PYTHON=/PATH/TO/python$last make" ;;
            esac
            left_out "$PYTHON is Python $version, and rust-cpython supports Python up to $last: doubles_cpython and the approaches through rust-cpython are left out, and so are their tests; $with_it"
        fi
        lost="the approaches that are built with CPython's C API are left out (Cython, mypyc, SWIG, cffi, nanobind and more), and so are their tests"
        if [ ! -e "$(fact 4)/Python.h" ]; then
            left_out "Python.h of Python $version is missing: $lost; $(
                of_python "Python's headers" dev devel)"
        elif [ -z "${CC:-}" ] && [ "$compiler" != cc ] && ! command -v "$compiler" > /dev/null; then
            left_out "$PYTHON compiles extensions with $compiler, which is missing: $lost; this uses another: export CC=cc CXX=c++"
        fi
    fi
fi

# ---- what tests use, and disk

# room DIRECTORY MIB [WHAT IS THERE ALREADY ...]
room() {
    place=$1
    needed=$2
    shift 2
    free=$(df -Pk "$place" 2> /dev/null | sed -n '2s/^.* \([0-9][0-9]*\)  *[0-9]*% .*/\1/p')
    [ -n "$free" ] || return 0
    free=$((free / 1024))
    # Only then, since it takes a while.
    if [ "$free" -lt "$needed" ]; then
        there=$(du -sk "$@" 2> /dev/null | while read -r size _; do
            total=$((${total:-0} + size / 1024))
            echo $total
        done | sed -n '$p')
        if [ $((free + ${there:-0})) -lt "$needed" ]; then
            stop "$place has $free MiB of free disk space, and about $((needed - ${there:-0})) MiB are needed; $(
                [ -n "$*" ] && echo 'make some room, or clone to another disk' || echo 'this chooses another place: export TMPDIR=DIRECTORY')"
        fi
    fi
}

case " $* " in
    *' test'*)
        for program in git bash; do
            command -v $program > /dev/null || stop "$program is missing, which tests use; $(
                install $program $program $program "$command_line_tools")"
        done
        room "$PWD" $TEST_NEEDS target .venv benches/lab/.cache
        room "${TMPDIR:-/tmp}" $TESTS_SCRATCH_NEEDS
        ;;
    *) room "$PWD" $LAB_NEEDS target .venv benches/lab/.cache ;;
esac

if [ $stops = 1 ]; then
    echo 'preflight: stopped before anything was downloaded or built' >&2
    exit 1
fi
