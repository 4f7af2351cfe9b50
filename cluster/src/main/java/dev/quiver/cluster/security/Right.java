package dev.quiver.cluster.security;

/// Something that a caller may do.
public enum Right {
    /// See who is there, what runs, and what it printed.
    READ("see what runs in this cluster"),
    /// Open sessions and submit programs.
    SUBMIT("run anything in this cluster"),
    /// Cancel what others submitted, and have workers leave.
    ADMINISTER("cancel what others submitted, or retire workers"),
    /// Be a worker.
    WORK("be a node of this cluster");

    private final String verb;

    Right(String verb) {
        this.verb = verb;
    }

    /// What it lets somebody do, as words of a sentence.
    String verb() {
        return verb;
    }
}
