package dev.quiver.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyForceTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir Path directory;

    private FileChannel open() throws IOException {
        return FileChannel.open(
                directory.resolve("large"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Test
    void a_file_that_is_forced_while_it_grows_has_all_its_bytes() throws IOException {
        try (FileChannel file = open()) {
            var force = new EarlyForce(file);
            for (int i = 0; i < 100; i++) {
                file.write(ByteBuffer.wrap(new byte[MEGABYTE]));
                force.written(MEGABYTE);
            }
            force.end();
        }

        assertThat(Files.size(directory.resolve("large"))).isEqualTo(100L * MEGABYTE);
    }

    @Test
    void what_an_early_force_met_is_told_when_more_was_written() throws Exception {
        FileChannel file = open();
        var force = new EarlyForce(file);
        file.close();

        force.written(40L * MEGABYTE);

        assertThatThrownBy(force::end).isInstanceOf(ClosedChannelException.class);
    }
}
