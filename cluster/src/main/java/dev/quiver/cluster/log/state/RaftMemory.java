package dev.quiver.cluster.log.state;

import java.util.List;

/// What a member has written down, when it starts.
///
/// @param votedFor -1 for nobody in this term
/// @param base the last entry that only a snapshot stands for; 0 for none
/// @param terms of the entries behind it
public record RaftMemory(int term, int votedFor, long base, int baseTerm, List<Integer> terms) {
    /// Of a member that starts for the first time.
    public static final RaftMemory NONE = new RaftMemory(0, -1, 0, 0, List.of());

    public RaftMemory {
        terms = List.copyOf(terms);
    }
}
