package dev.quiver.protocol.wire;

/// Bytes that are no message of these types: of another version, cut off, or sent by somebody else.
public final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessage(String message) {
        super(message);
    }

    public MalformedMessage(String message, Throwable cause) {
        super(message, cause);
    }
}
