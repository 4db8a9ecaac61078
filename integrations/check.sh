#!/bin/sh
# What action.yml runs: pinvet with the inputs of the action, which come as PINVET_* variables. A list is
# split at blanks and line ends, and nothing in it is expanded.
set -euf

new_from=$PINVET_NEW_FROM
if [ "$new_from" = auto ]; then
    new_from=
    if [ -n "${GITHUB_BASE_REF:-}" ]; then
        new_from=origin/$GITHUB_BASE_REF
    fi
fi

set --
[ -z "$new_from" ] || set -- "$@" --new-from "$new_from"
[ -z "$PINVET_BASELINE" ] || set -- "$@" --baseline "$PINVET_BASELINE"
[ -z "$PINVET_GATE" ] || set -- "$@" --gate "$PINVET_GATE"
[ -z "$PINVET_SARIF" ] || set -- "$@" --format "sarif-github=$PINVET_SARIF"
# shellcheck disable=SC2086 # they are lists
set -- "$@" $PINVET_ARGS -- $PINVET_PATHS

exec pinvet check --no-progress --format github "$@"
