package dev.quiver.worker.user.ship;

import dev.quiver.dataframe.Call;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/// A [ShippedWorker], and the client's end of its pipes.
final class OtherJvm implements AutoCloseable {
    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final Outbox outbox = new Outbox();
    private int bundles;

    /// @param folder for its class path and bundles
    /// @param further what its class path has beside Quiver's classes
    OtherJvm(Path folder, Path... further) throws IOException {
        Path own = folder.resolve("worker-classes");
        String main = ShippedWorker.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(own.resolve(main).getParent());
        try (var bytes = ShippedWorker.class.getClassLoader().getResourceAsStream(main)) {
            Files.write(own.resolve(main), bytes.readAllBytes());
        }
        var path = new ArrayList<String>();
        path.add(own.toString());
        for (Path jar : further) path.add(jar.toString());
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!part.contains("test-classes")) path.add(Path.of(part).toAbsolutePath().toString());
        }
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                String.join(File.pathSeparator, path),
                                ShippedWorker.class.getName(),
                                folder.resolve("bundles").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        out = new DataOutputStream(process.getOutputStream());
        in = new DataInputStream(process.getInputStream());
    }

    /// Runs a closure there. Public for cells of a shell.
    Object run(Call<?> call) {
        try {
            byte[] payload = outbox.pack(call, "the closure").bytes();
            out.writeInt(payload.length);
            out.write(payload);
            out.flush();
            while (true) {
                char kind = in.readChar();
                byte[] bytes = in.readNBytes(in.readInt());
                switch (kind) {
                    case 'B' -> serve(BundleHash.read(ByteBuffer.wrap(bytes)));
                    case 'R' -> {
                        return outbox.open(Payload.of(bytes), call.getClass().getClassLoader());
                    }
                    default ->
                            throw new IllegalStateException(
                                    new String(bytes, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(BundleHash hash) throws IOException {
        byte[] bytes = outbox.bundles().bytes(hash);
        bundles++;
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    /// How many bundles it asked for.
    int bundles() {
        return bundles;
    }

    @Override
    public void close() throws IOException {
        out.writeInt(0);
        out.flush();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
