package dev.quiver.operator;

/// What the tasks of a stage do. Scheduler and protocol carry it without looking inside.
public sealed interface Program permits Pipeline, Closures, EncodedProgram {}
