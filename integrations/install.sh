#!/bin/sh
# Downloads a release of pinvet for this machine, checks its SHA-256 against the list of the release, and
# puts the program into a folder:
#
#   install.sh VERSION FOLDER
#
# PINVET_DOWNLOADS is where the releases are, for mirrors. Needs curl, tar (on Windows unzip), sha256sum or
# shasum.
set -eu

version=${1#v}
folder=$2
base=${PINVET_DOWNLOADS:-https://github.com/pinvet/pinvet/releases/download}

case $(uname -s) in
Linux) os=linux ;;
Darwin) os=darwin ;;
MINGW* | MSYS* | CYGWIN*) os=windows ;;
*) echo "pinvet: there is no release for $(uname -s)" >&2 && exit 2 ;;
esac
case $(uname -m) in
x86_64 | amd64) arch=amd64 ;;
aarch64 | arm64) arch=arm64 ;;
*) echo "pinvet: there is no release for $(uname -m)" >&2 && exit 2 ;;
esac
name=pinvet_${version}_${os}_${arch}
archive=$name.tar.gz program=pinvet
[ $os != windows ] || archive=$name.zip program=pinvet.exe

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsSL --retry 3 -o "$work/$archive" "$base/v$version/$archive"
curl -fsSL --retry 3 -o "$work/SHA256SUMS" "$base/v$version/SHA256SUMS"

want=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
if command -v sha256sum >/dev/null; then
    have=$(sha256sum "$work/$archive")
else
    have=$(shasum -a 256 "$work/$archive")
fi
have=${have%% *}
if [ -z "$want" ] || [ "$want" != "$have" ]; then
    echo "pinvet: the SHA-256 of $archive is ${have}, and the release says ${want:-nothing of it}" >&2
    exit 1
fi

if [ $os = windows ]; then
    unzip -q "$work/$archive" -d "$work/out"
else
    mkdir "$work/out"
    tar -xzf "$work/$archive" -C "$work/out"
fi
mkdir -p "$folder"
find "$work/out" -type f -name $program -exec cp {} "$folder/$program" \;
chmod +x "$folder/$program"
"$folder/$program" --version
