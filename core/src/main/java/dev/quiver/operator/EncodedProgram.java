package dev.quiver.operator;

/// A program as it travels. Who passes it on doesn't look inside; who runs it knows what the bytes
/// mean.
public record EncodedProgram(Bytes bytes) implements Program {}
