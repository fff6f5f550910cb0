// Pods read this script from a file, because in a command the kubelet would expand `$(`. It never contains `${`, like the fetch scripts.

/**
 * Processes the shards of one pod: the files in `INPUT` whose name hashes to `INDEX` of `PARTITIONS`. Skips shards that have a marker in
 * `RESULTS`. Its arguments are a command that reads requests from `-i` and writes answers to `-o`, one per line, in the same order.
 *
 * The command processes `SHARDS_PER_START` shards at a time, because each start loads the model. If it fails, it is retried shard by shard,
 * so that only the invalid shard fails. A marker contains the size and the time of its shard, so a replaced shard is processed again.
 */
export const WORK_SHARDS = String.raw`set -eu
mkdir -p "$WORK" "$RESULTS/done" "$RESULTS/output"
rm -rf "$WORK"/*
cd "$INPUT"
find . -type f | sed 's|^\./||' | LC_ALL=C sort | LC_ALL=C awk -v n="$PARTITIONS" -v i="$INDEX" '
  BEGIN { for (c = 1; c < 256; c++) code[sprintf("%c", c)] = c }
  { h = 0; for (k = 1; k <= length($0); k++) h = (h * 65599 + code[substr($0, k, 1)]) % 2147483647; if (h % n == i) print }
' > "$WORK/mine"
: > "$WORK/todo"
while IFS= read -r name; do
  seen="$(stat -c %s.%Y "$name")"
  if [ -f "$RESULTS/done/$name" ] && [ "$(cat "$RESULTS/done/$name")" = "$seen" ]; then continue; fi
  echo "$seen $name" >> "$WORK/todo"
done < "$WORK/mine"

# Arguments: a list of shards, and the command.
work() {
  list="$1"
  shift
  : > "$WORK/requests"
  : > "$WORK/counts"
  while IFS=' ' read -r seen name; do
    grep '[^[:space:]]' "$name" > "$WORK/one" || [ $? -eq 1 ] || return 1
    cat "$WORK/one" >> "$WORK/requests" || return 1
    echo "$(wc -l < "$WORK/one") $seen $name" >> "$WORK/counts"
  done < "$list"
  : > "$WORK/answers"
  if [ -s "$WORK/requests" ]; then "$@" -i "$WORK/requests" -o "$WORK/answers" < /dev/null || return 1; fi
  if [ "$(wc -l < "$WORK/answers")" -ne "$(wc -l < "$WORK/requests")" ]; then
    echo "expected $(wc -l < "$WORK/requests") answers, got $(wc -l < "$WORK/answers")" >&2
    return 1
  fi
  from=1
  while IFS=' ' read -r count seen name; do
    mkdir -p "$(dirname "$RESULTS/output/$name")" "$(dirname "$RESULTS/done/$name")" || return 1
    tail -n +"$from" "$WORK/answers" | head -n "$count" > "$WORK/one"
    cp "$WORK/one" "$RESULTS/output/$name" || return 1
    printf %s "$seen" > "$RESULTS/done/$name" || return 1
    from=$((from + count))
  done < "$WORK/counts"
}

split -l "$SHARDS_PER_START" "$WORK/todo" "$WORK/group."
failed=0
for group in "$WORK"/group.*; do
  [ -f "$group" ] || continue
  if work "$group" "$@"; then continue; fi
  if [ "$(wc -l < "$group")" -eq 1 ]; then
    echo "failed: $(cut -d ' ' -f 2- "$group")" >&2
    failed=1
    continue
  fi
  split -l 1 "$group" "$WORK/single."
  for single in "$WORK"/single.*; do
    if ! work "$single" "$@"; then
      echo "failed: $(cut -d ' ' -f 2- "$single")" >&2
      failed=1
    fi
  done
  rm -f "$WORK"/single.*
done
exit "$failed"
`;
