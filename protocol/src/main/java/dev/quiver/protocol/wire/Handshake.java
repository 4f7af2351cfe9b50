package dev.quiver.protocol.wire;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Arrays;
import java.util.List;

/// What each side of a connection says before anything else, in a form that stays the same for
/// ever: four bytes `QVR1`, the fingerprint of its messages, its version as text.
///
/// @param fingerprint of the messages that it sends and takes ([Wire#fingerprint])
/// @param version of Quiver, for people
public record Handshake(long fingerprint, String version) {
    private static final byte[] MAGIC = {'Q', 'V', 'R', '1'};

    public byte[] encode() {
        var out = new WireOutput();
        for (byte letter : MAGIC) out.putByte(letter);
        out.putFixed(fingerprint);
        out.putText(version);
        return out.toBytes();
    }

    /// @throws MalformedMessage when these bytes are no handshake
    public static Handshake decode(byte[] bytes) {
        var in = new WireInput(bytes);
        var magic = new byte[MAGIC.length];
        for (int i = 0; i < magic.length; i++) magic[i] = (byte) in.takeByte();
        if (!Arrays.equals(magic, MAGIC)) throw in.malformed("it doesn't begin as Quiver does");
        long fingerprint = in.takeFixed();
        String version = in.takeText();
        in.end();
        return new Handshake(fingerprint, version);
    }

    /// Refuses another side that would misunderstand.
    ///
    /// @param peer who the other side is, such as `the scheduler at host:8786`
    /// @throws QuiverException UNSUPPORTED
    public void requireSame(Handshake other, String peer) {
        if (fingerprint == other.fingerprint) return;
        boolean sameVersion = version.equals(other.version);
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "%s speaks another language: it is Quiver %s, and this is %s"
                        .formatted(
                                peer, other.version, sameVersion ? "another build of it" : version),
                List.of(),
                "run the same version of Quiver on both sides");
    }
}
