// The scripts never contain `${`, because manifests with variables can go through a substitution that does not understand shells.

/**
 * Checks the output of nccl-tests or nccom-test from standard input. Reads the column that the header of the output calls `busbw`. Exits
 * with 0 at or above `EXPECTED_GBPS`, 1 below it, 2 if the output has no results, and 3 if the results are wrong.
 */
export const CHECK = String.raw`#!/bin/sh
exec awk -v expected="$EXPECTED_GBPS" -v basis="$EXPECTED_BASIS" -v origin="$EXPECTED_SOURCE" '
function number(text) { return text ~ /^[0-9]+[.]?[0-9]*$/ }
!column && /size/ && /busbw/ {
  header = $0
  sub(/^[ \t]*#/, "", header)
  count = split(header, names)
  for (i = 1; i <= count; i++) {
    if (!column && names[i] ~ /^busbw/) column = i
    if (names[i] == "#wrong") errors[i] = 1
  }
  next
}
/Out of bounds values/ && /FAILED/ { wrong++ }
column && $1 ~ /^[0-9]+$/ && number($column) {
  rows++
  if ($column + 0 > best) { best = $column + 0; size = $1 }
  for (i in errors) if ($i != "0" && $i != "N/A") wrong++
}
END {
  if (!number(expected) || expected + 0 <= 0) {
    printf "all-reduce UNREADABLE: the expected bandwidth must be a positive number (got \"%s\")\n", expected
    exit 2
  }
  if (!rows) {
    printf "all-reduce UNREADABLE: the output has no results (expected at least %s GB/s)\n", expected
    exit 2
  }
  if (wrong) {
    printf "all-reduce WRONG: the sums are incorrect. Check the accelerators, not the fabric.\n"
    exit 3
  }
  below = best < expected + 0
  printf "all-reduce %s: measured %.2f GB/s at %s bytes, expected at least %s GB/s (%s: %s)\n", below ? "FAILED" : "PASSED", best, size, expected, basis, origin
  exit below
}'
`;

// Both scripts run as root in a container: sshd and ssh only read keys from the home directory of their user.

/**
 * Prepares a node for the launcher. Installs the SSH key and keeps the environment of the image for remote shells. Then starts an SSH server
 * with new host keys. Sets the port, because an image can configure another one.
 */
export const SERVE = String.raw`#!/bin/sh
set -eu
install -d -m 700 ~root/.ssh
install -m 600 /etc/mpi-ssh/authorized_keys ~root/.ssh/authorized_keys
env | grep -E '^(PATH|LD_LIBRARY_PATH|FI_|NCCL_|NEURON_|CCOM_)' > /etc/environment
ssh-keygen -A
mkdir -p /run/sshd
exec /usr/sbin/sshd -D -e -p 22
`;

/** Waits until each node has an address, runs the collective over all of them, and checks the result. */
export const LAUNCH = String.raw`#!/bin/sh
install -d -m 700 ~root/.ssh
install -m 600 /etc/mpi-ssh/id_rsa ~root/.ssh/id_rsa
for host in $(awk '{ print $1 }' /etc/mpi/hostfile); do
  tries=0
  until getent hosts "$host" > /dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then echo "all-reduce FAILED: $host has no address after two minutes"; exit 1; fi
    sleep 2
  done
done
( timeout "$TIME_LIMIT_SECONDS" sh /acceptance/collective.sh; echo $? > /tmp/status ) 2>&1 | tee /tmp/output
status=$(cat /tmp/status)
if [ "$status" -eq 124 ]; then
  echo "all-reduce FAILED: no result after $TIME_LIMIT_SECONDS s. The nodes cannot reach each other over the fabric. Check its security group or firewall first."
  exit 1
fi
if [ "$status" -ne 0 ]; then
  echo "all-reduce FAILED: the collective exited with status $status. See the output above."
  exit 1
fi
exec sh /acceptance/check.sh < /tmp/output
`;

const MEASURE = '/opt/nccl-tests/build/all_reduce_perf -b 8M -e 16G -f 2 -g 1 -c 1 -n 20';

/** All-reduce over NVIDIA GPUs: one rank per GPU, sizes from 8 MiB to 16 GiB, or up to the memory of the GPUs. */
export const NCCL = String.raw`#!/bin/sh
set -- -x PATH -x LD_LIBRARY_PATH
for name in $PASSED_ENV; do set -- "$@" -x "$name"; done
exec "$(command -v mpirun)" --allow-run-as-root --bind-to none -np "$RANKS" -N "$RANKS_PER_NODE" \
  --mca plm_rsh_args "-o Port=22 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectionAttempts=10" "$@" \
  ${MEASURE}
`;

/** All-reduce over NVIDIA GPUs if each rank must first read the profile script of its fabric. */
export function ncclWithProfile(profile: string): Record<'collective.sh' | 'rank.sh', string> {
  const [command = '', ...options] = MEASURE.split(' ');
  return {
    'collective.sh': NCCL.replace(MEASURE, ['bash /acceptance/rank.sh', ...options].join(' ')),
    'rank.sh': `#!/bin/bash\n. ${profile}\nexec ${command} "$@"\n`,
  };
}

/** Returns scripts with another port of the SSH server: a pod on the network of the host cannot use that of the host. */
export function withPort(scripts: Readonly<Record<string, string>>, port: number): Record<string, string> {
  const replaced = (text: string) =>
    text.replace('sshd -D -e -p 22\n', `sshd -D -e -p ${port}\n`).replace('Port=22 ', `Port=${port} `);
  return Object.fromEntries(Object.entries(scripts).map(([name, text]) => [name, replaced(text)]));
}

/** All-reduce over Neuron cores. The first node leads. The launcher, which has no cores, collects the data. */
export const NCCOM = String.raw`#!/bin/sh
hosts=
for host in $(awk '{ print $1 }' /etc/mpi/hostfile); do
  hosts="$hosts $(getent hosts "$host" | awk '{ print $1; exit }')"
done
set -- $hosts
export NEURON_RT_ROOT_COMM_ID="$1:63182"
exec nccom-test -r "$RANKS" -N "$#" -b 8M -e 2G -f 2 -n 20 -w 5 -d fp32 --non-interactive allr \
  --hosts "$@" --data-collector-host "$POD_IP" --data-collector-port 60006
`;
