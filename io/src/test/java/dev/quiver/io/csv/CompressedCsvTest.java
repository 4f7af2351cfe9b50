package dev.quiver.io.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressedCsvTest {
    @TempDir Path directory;

    private enum Packer {
        GZIP,
        ZSTD,
        BZIP2;

        byte[] pack(String text) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (OutputStream out =
                    switch (this) {
                        case GZIP -> new GZIPOutputStream(bytes);
                        case ZSTD -> new ZstdOutputStreamNoFinalizer(bytes).setChecksum(true);
                        case BZIP2 -> new BZip2CompressorOutputStream(bytes);
                    }) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }
    }

    private static String rows(int from, int to) {
        var random = new Random(from);
        var text = new StringBuilder();
        for (int i = from; i < to; i++)
            text.append(i).append(",t").append(random.nextInt()).append('\n');
        return text.toString();
    }

    private Path plain(String text) throws IOException {
        return Files.writeString(directory.resolve("plain.csv"), text);
    }

    /// A name that says nothing of how the file is packed.
    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("packed.data"), content);
    }

    @ParameterizedTest
    @EnumSource
    void members_one_after_the_other_are_read_as_one_text(Packer packer) throws IOException {
        String first = "id,text\n" + rows(0, 30_000);
        String second = rows(30_000, 50_000);
        var both = new ByteArrayOutputStream();
        both.write(packer.pack(first));
        both.write(packer.pack(second));

        assertThat(CsvTexts.read(file(both.toByteArray())))
                .isEqualTo(CsvTexts.read(plain(first + second)));
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_was_cut_off_is_an_error_with_its_name(Packer packer) throws IOException {
        byte[] whole = packer.pack("id,text\n" + rows(0, 30_000));
        for (int length : new int[] {whole.length - 1, whole.length / 2, 20}) {
            Path cut = file(Arrays.copyOf(whole, length));
            var schema = Schema.of(Field.of("id", DataType.INT64), Field.of("text", DataType.UTF8));
            assertThatThrownBy(() -> CsvTexts.read(cut, CsvFormat.DEFAULT, schema))
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT))
                    .hasMessageContaining(cut.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_damaged_file_is_an_error_or_reads_as_it_was(Packer packer) throws IOException {
        String text = "id,text\n" + rows(0, 3_000);
        byte[] whole = packer.pack(text);
        var expected = CsvTexts.read(plain(text));
        var schema = Schema.of(Field.of("id", DataType.INT64), Field.of("text", DataType.UTF8));
        var random = new Random(5);
        for (int i = 0; i < 40; i++) {
            byte[] damaged = whole.clone();
            int at = 4 + random.nextInt(whole.length - 4);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(CsvTexts.read(file(damaged), CsvFormat.DEFAULT, schema))
                        .isEqualTo(expected);
            } catch (QuiverException e) {
                assertThat(e.getMessage()).contains("packed.data");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Packer.class,
            names = {"GZIP", "ZSTD"})
    void what_is_written_compressed_reads_back(Packer packer) throws IOException {
        String codec = packer == Packer.GZIP ? "gzip" : "zstd";
        Path file = directory.resolve("out.csv");
        var schema = Schema.of(Field.of("id", DataType.INT64));
        try (var pool = new MemoryPool(1 << 24);
                MemoryAccount account = pool.account(new Owner("test", "CsvWriter", -1));
                CsvWriter writer =
                        CsvWriter.open(file, schema, CsvFormat.DEFAULT, codec, account)) {
            assertThat(writer.finish().bytes()).isEqualTo(Files.size(file));
        }
        assertThat(CsvTexts.read(file, CsvFormat.DEFAULT, schema)).isEmpty();
        assertThat(Files.readAllBytes(file)).isNotEqualTo("id\n".getBytes(StandardCharsets.UTF_8));
    }
}
