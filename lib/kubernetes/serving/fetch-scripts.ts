// None of these scripts holds `${`: manifests with variables may pass a substitution that knows nothing of shells. Nor do they hold
// `$(`, which the kubelet would take for a variable of its own.

/**
 * Copies a model and its list of digests, `SHA256SUMS`, whose own digest is stated: only what is listed is fetched, and only what
 * matches is served. What is whole already stays; a draft becomes the model in one step, so that two pods that fetch at once do no
 * harm. `COPY` is a shell command that copies one file from `$from` to `$to`.
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
echo "$DIGEST  SHA256SUMS" | sha256sum -c - || { echo "SHA256SUMS of $SOURCE is not the stated one"; exit 1; }
while read -r sum name; do
  case "$sum" in ''|'#'*) continue;; esac
  case "$name" in
    '*'*) echo "$name: write SHA256SUMS in text mode"; exit 1;;
    /*|..|../*|*/..|*/../*) echo "$name leads out of the model"; exit 1;;
  esac
  copy "$name"
done < SHA256SUMS
sha256sum -c --quiet SHA256SUMS || { echo "a file of $SOURCE differs from SHA256SUMS"; exit 1; }
touch .complete
mv -T "$draft" "$target" || [ -f "$target/.complete" ]
rm -rf "$draft"
`;

/** Downloads one revision of a Hugging Face repository, with the client that vLLM's image holds. */
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
