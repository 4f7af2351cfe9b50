package dev.quiver.worker.server;

/// Makes bytes of the objects that closures return, and objects of such bytes: it knows the classes
/// of the user. Called only by threads that run tasks of that user.
public interface ObjectCodec {
    /// @param stage whose closure returned the value
    /// @throws Exception when the value can't travel
    byte[] encode(int stage, Object value) throws Exception;

    /// @param stage whose closure returned the value
    /// @throws Exception when the bytes make no value here
    Object decode(int stage, byte[] bytes) throws Exception;
}
