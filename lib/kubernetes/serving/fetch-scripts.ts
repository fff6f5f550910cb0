// The scripts never contain `${`, because manifests with variables can go through a substitution that does not understand shells. They
// never contain `$(`, because the kubelet would expand it.

/**
 * Copies a model and its list of checksums, `SHA256SUMS`, whose own checksum is known. Only copies files in the list, and fails if a checksum
 * does not match. Skips a model that is already complete. Renames the draft in one step, so that two pods can fetch the model at the same
 * time. `COPY` is a shell command that copies one file from `$from` to `$to`.
 */
export const FETCH_OBJECTS = String.raw`set -eu
target="$CACHE/$DIGEST"
[ -f "$target/.complete" ] && exit 0
draft="$CACHE/.draft-$POD_UID"
rm -rf "$draft"
mkdir -p "$draft"
copy() { from="$SOURCE/$1"; to="$draft/$1"; eval "$COPY"; }
copy SHA256SUMS
cd "$draft"
echo "$DIGEST  SHA256SUMS" | sha256sum -c - || { echo "the checksum of SHA256SUMS in $SOURCE does not match"; exit 1; }
while read -r sum name; do
  case "$sum" in ''|'#'*) continue;; esac
  case "$name" in
    '*'*) echo "$name: create SHA256SUMS in text mode"; exit 1;;
    /*|..|../*|*/..|*/../*) echo "$name: the path is outside the model"; exit 1;;
  esac
  copy "$name"
done < SHA256SUMS
sha256sum -c --quiet SHA256SUMS || { echo "a file in $SOURCE does not match SHA256SUMS"; exit 1; }
touch .complete
mv -T "$draft" "$target" || [ -f "$target/.complete" ]
rm -rf "$draft"
`;

/** Downloads one revision of a Hugging Face repository with the client in the vLLM image. */
export const FETCH_HUGGING_FACE = String.raw`set -eu
target="$CACHE/$DIGEST"
[ -f "$target/.complete" ] && exit 0
draft="$CACHE/.draft-$POD_UID"
rm -rf "$draft"
hf download "$SOURCE" --revision "$DIGEST" --local-dir "$draft"
touch "$draft/.complete"
mv -T "$draft" "$target" || [ -f "$target/.complete" ]
rm -rf "$draft"
`;
