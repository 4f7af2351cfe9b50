/// How the schedulers of a list agree on one log, and on who of them is active: Raft, as a state
/// machine without clock, thread, file or network.
///
/// After Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended
/// Version)", 2014, with what Ongaro's thesis adds: a trial before each vote (9.6), a leader that
/// steps down when no majority answers it, and votes that aren't given while a leader is heard of
/// (6.2, 4.2.3). The list never changes. Snapshots are logs written anew by the leader.
@NullMarked
package dev.quiver.cluster.log.state;

import org.jspecify.annotations.NullMarked;
