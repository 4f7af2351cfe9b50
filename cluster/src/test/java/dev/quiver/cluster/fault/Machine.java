package dev.quiver.cluster.fault;

import java.util.List;

/// Where a process of a test runs.
///
/// @param host by which others reach it
/// @param prefix of a command that runs there
record Machine(String host, List<String> prefix) {
    static final Machine THIS = new Machine("127.0.0.1", List.of());

    Machine {
        prefix = List.copyOf(prefix);
    }
}
