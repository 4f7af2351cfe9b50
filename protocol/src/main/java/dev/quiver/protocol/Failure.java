package dev.quiver.protocol;

import java.util.List;

/// Why a task or an attempt failed.
///
/// @param message what people read; where user code threw, the shell of the worker keeps the
///   exception itself under task and attempt
/// @param lostWorkers on which it ran when they were lost, as far as that is known
/// @param part of a pipeline that threw: 0 the source, then its operators, then the sink;
///   [#NO_PART] when none did
public record Failure(Kind kind, String message, List<Integer> lostWorkers, int part) {
    /// Of what isn't known to be a part's.
    public static final int NO_PART = -1;

    public Failure {
        lostWorkers = List.copyOf(lostWorkers);
        if (part < NO_PART) throw new IllegalArgumentException("part %d".formatted(part));
    }

    public Failure(Kind kind, String message, List<Integer> lostWorkers) {
        this(kind, message, lostWorkers, NO_PART);
    }

    /// For which no worker was lost.
    public Failure(Kind kind, String message) {
        this(kind, message, List.of(), NO_PART);
    }

    /// The kinds that are treated differently.
    public enum Kind {
        /// The program threw; tried again as often as its stage says.
        USER_ERROR,
        /// The program threw what a retry can't change (bad input, overflow, a type): never tried
        /// again.
        PERMANENT,
        /// The attempt asked for memory that wasn't there; tried again a few times.
        OUT_OF_MEMORY,
        /// The worker went while the task ran; tried again a few times.
        WORKER_LOST,
        /// The attempt ran longer than its stage allows; counts as a user error.
        TIMEOUT,
        /// The client cancelled it.
        CANCELLED,
        /// A task that it reads has failed.
        INPUT_FAILED
    }
}
