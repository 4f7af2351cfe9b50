package dev.quiver.worker.user.ship;

import dev.quiver.dataframe.Call;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A worker in a JVM of its own: reads payloads from its input, asks for bundles on its output, and
/// answers with results there. The one class of the tests on its class path.
public final class ShippedWorker {
    private final DataInputStream in = new DataInputStream(System.in);
    private final DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));

    private ShippedWorker() {}

    /// @param arguments the folder for bundles
    public static void main(String[] arguments) throws Exception {
        new ShippedWorker().run(Path.of(arguments[0]));
    }

    private void run(Path folder) throws Exception {
        try (var session =
                new SessionCode(
                        new BundleStore(folder, this::fetch),
                        ShippedWorker.class.getClassLoader())) {
            for (int length = in.readInt(); length > 0; length = in.readInt()) {
                byte[] payload = in.readNBytes(length);
                try {
                    ShippedTask task = session.task(Payload.of(payload), List.of());
                    Object result = task.call(() -> ((Call<?>) task.value()).call());
                    answer('R', task.pack(result, "the result").bytes());
                } catch (Exception | LinkageError e) {
                    answer('E', e.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
            }
        }
    }

    private byte[] fetch(BundleHash hash) throws IOException {
        ByteBuffer name = ByteBuffer.allocate(BundleHash.BYTES);
        hash.write(name);
        answer('B', name.array());
        return in.readNBytes(in.readInt());
    }

    private void answer(char kind, byte[] bytes) throws IOException {
        out.writeChar(kind);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }
}
