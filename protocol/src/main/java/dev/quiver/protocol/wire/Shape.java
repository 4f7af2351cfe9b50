package dev.quiver.protocol.wire;

/// How the values of one type stand in bytes; at least one byte each, so that a count can't promise
/// more values than there are bytes.
interface Shape {
    void write(Object value, WireOutput out);

    Object read(WireInput in);
}
