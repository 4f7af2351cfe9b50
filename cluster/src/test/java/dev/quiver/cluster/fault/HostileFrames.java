package dev.quiver.cluster.fault;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// What somebody may send who means no good, or who has the wrong port. The same for the same seed.
final class HostileFrames {
    private static final byte[] HTTP1 =
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTP2 =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IGNITE = {0, 0, 0x47, 0x47};

    /// An array of more ints than there is memory, as Java serialises it.
    private static final byte[] JAVA_ARRAY =
            HexFormat.of()
                    .parseHex(
                            "aced000575720002"
                                    + "5b494dba602676eab2a5"
                                    + "0200007870"
                                    + "7ffffff0");

    private static final byte[] JAVA = HexFormat.of().parseHex("aced0005");

    /// Types of messages of Ignite's communication, and some that there aren't.
    private static final List<Integer> TYPES = List.of(-1, -2, -3, 0, 8, 53, 129, 174, 30_000);

    private static final int FRAME_BYTES_MAX = 1 << 24;

    private final Random random;

    HostileFrames(Random random) {
        this.random = random;
    }

    byte[] noise(int bytesMax) {
        var bytes = new byte[1 + random.nextInt(bytesMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// For any port.
    byte[] next() {
        var out = new ByteArrayOutputStream();
        switch (random.nextInt(8)) {
            case 0 -> out.writeBytes(noise(4096));
            case 1 -> {
                out.writeBytes(HTTP2);
                for (int i = random.nextInt(5); i >= 0; i--) http2(out);
            }
            case 2 -> {
                out.writeBytes(IGNITE);
                out.writeBytes(noise(512));
            }
            case 3 -> {
                out.writeBytes(IGNITE);
                java(out);
            }
            case 4 -> java(out);
            case 5 -> direct(out);
            case 6 -> tls(out);
            default -> out.writeBytes(HTTP1);
        }
        byte[] whole = out.toByteArray();
        if (random.nextInt(3) > 0) return whole;
        return Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
    }

    /// A frame with a length that may be wrong.
    private void http2(ByteArrayOutputStream out) {
        byte[] body = noise(64);
        int length = random.nextBoolean() ? body.length : random.nextInt(FRAME_BYTES_MAX);
        out.writeBytes(
                ByteBuffer.allocate(9)
                        .put((byte) (length >> 16))
                        .putShort((short) length)
                        .put((byte) random.nextInt(12))
                        .put((byte) random.nextInt(256))
                        .putInt(random.nextInt(5))
                        .array());
        out.writeBytes(body);
    }

    private void java(ByteArrayOutputStream out) {
        out.writeBytes(random.nextBoolean() ? JAVA_ARRAY : JAVA);
        out.writeBytes(noise(512));
    }

    /// A message of Ignite's communication: two bytes for its type, then fields, some of them with
    /// a length.
    private void direct(ByteArrayOutputStream out) {
        var head = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        head.putShort(TYPES.get(random.nextInt(TYPES.size())).shortValue());
        head.putInt(random.nextInt()).putInt(Integer.MAX_VALUE).putInt(-1);
        out.writeBytes(head.array());
        out.writeBytes(noise(256));
    }

    /// A record of a length that may be wrong.
    private void tls(ByteArrayOutputStream out) {
        out.writeBytes(new byte[] {0x16, 3, 1, (byte) random.nextInt(), (byte) random.nextInt()});
        out.writeBytes(noise(256));
    }
}
