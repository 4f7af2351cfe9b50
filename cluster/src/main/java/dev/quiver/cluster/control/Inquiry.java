package dev.quiver.cluster.control;

/// What people who look at a worker want to know of it, beside what it tells anyway.
public sealed interface Inquiry {
    /// What its tasks are found doing, for a while: it ends by itself when nobody asks again.
    record Samples() implements Inquiry {}
}
