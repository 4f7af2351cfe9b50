package dev.quiver.cluster.log.state;

/// What a member, or the process around it, does wrong so that a test shows that it would be found.
enum PlantedBug {
    NONE,
    /// It votes for all that ask in its term.
    VOTES_FOR_EVERYBODY,
    /// It starts again without the entry that it acknowledged last.
    FORGETS_AN_ENTRY,
    /// It says that its log is longer than it is.
    BOASTS_OF_ITS_LOG,
    /// It answers before it has written.
    ANSWERS_BEFORE_IT_WRITES,
    /// It says that others have what they haven't said to have.
    TAKES_SENT_FOR_STORED,
    /// A snapshot takes the place of more entries than it stands for.
    CUTS_TOO_MUCH
}
