package dev.quiver.cluster.fault;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What Python reads of a cluster, which knows nothing of Quiver but an address.
@Timeout(180)
@Tag("python")
final class PublishedFlightTest {
    private static final int ROWS = 20_000;
    private static final int FILES = 6;

    @TempDir private Path directory;

    /// Prints each flight, where its partitions are, and its rows, by whichever process was asked.
    private static final String SCRIPT =
            """
            import sys, pyarrow.flight as flight
            client = flight.connect(sys.argv[1])
            print([(f.descriptor.path[0].decode(), f.total_records) for f in client.list_flights()])
            info = client.get_flight_info(flight.FlightDescriptor.for_path("sales"))
            print(len({e.locations[0].uri for e in info.endpoints}))
            for endpoint in info.endpoints:
                worker = flight.connect(endpoint.locations[0])
                for row in worker.do_get(endpoint.ticket).read_all().to_pylist():
                    print(f"{row['id']}|{row['region']}|{row['note']}|{row['price']}|{row['day']}")
            """;

    private Path write() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("sales"));
        for (int file = 0; file < FILES; file++) {
            int from = file * ROWS;
            String rows =
                    IntStream.range(from, from + ROWS)
                            .mapToObj(PublishedFlightTest::line)
                            .collect(Collectors.joining());
            Files.writeString(folder.resolve(file + ".csv"), "id,region,note,price,day\n" + rows);
        }
        return folder;
    }

    private static String line(int i) {
        String region = i % 11 == 0 ? "NA" : "région " + i % 7;
        String note = i % 5 == 0 ? "NA" : "note number %d 日本".formatted(i);
        String price = i % 3 == 0 ? "NA" : i + ".25";
        return "%d,%s,%s,%s,2024-02-%02d%n".formatted(i, region, note, price, 1 + i % 29);
    }

    private static List<String> expected() {
        return IntStream.range(0, FILES * ROWS)
                .mapToObj(i -> line(i).strip().replace(',', '|').replace("NA", "None"))
                .toList();
    }

    @Test
    void pyarrow_finds_and_reads_what_a_program_has_published() throws Exception {
        Path folder = write();
        try (var cluster = new ProcessCluster(directory, 2)) {
            try (Session q = cluster.connect()) {
                DataFrame sales =
                        q.read()
                                .nulls("NA")
                                .csv(folder.resolve("*.csv").toString())
                                .withColumn(
                                        "region", col("region").cast(new DataType.Categorical()));
                sales.publish("sales");
            }

            List<String> lines = python("grpc://" + cluster.place());

            assertThat(lines.get(0)).isEqualTo("[('sales', %d)]".formatted(FILES * ROWS));
            assertThat(lines.get(1)).isEqualTo("2"); // both workers hold some
            assertThat(lines.subList(2, lines.size()))
                    .containsExactlyInAnyOrderElementsOf(expected());
        }
    }

    private static List<String> python(String address) throws Exception {
        String python = Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
        Process process =
                new ProcessBuilder(python, "-c", SCRIPT, address).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out.lines().toList();
    }
}
