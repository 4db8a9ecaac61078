#!/usr/bin/env bash
# Installs what the end-to-end tests need and this Debian or Ubuntu machine
# lacks. Node (20 or later) and npm must be there.
set -euo pipefail
cd "$(dirname "$0")"

for program in node npm; do
    command -v $program >/dev/null || {
        echo "$program is missing: the end-to-end tests need Node 20 or later and npm, see https://nodejs.org" >&2
        exit 1
    }
done

packages=(chromium neovim emacs-nox elpa-eglot vim vim-ale)
missing=()
for p in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if ((${#missing[@]})); then
    echo "installing ${missing[*]}"
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >/dev/null
fi

for folder in . ../../vscode-extension; do
    (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
done
