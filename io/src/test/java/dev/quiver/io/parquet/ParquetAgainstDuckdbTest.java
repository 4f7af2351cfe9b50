package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of the Parquet project's own test set, all rows, against DuckDB.
class ParquetAgainstDuckdbTest {
    static List<String> files() throws IOException {
        return ParquetTestingFilesTest.readable().stream()
                // DuckDB refuses maps without values.
                .filter(name -> !name.equals("map_no_value.parquet"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void all_rows_are_those_of_duckdb(String name) throws Exception {
        Path file = ParquetTestingFilesTest.DIRECTORY.resolve(name);
        ParquetFrame ours = ParquetFrame.read(file);
        Schema schema = ours.schema();
        if (schema.size() == 0) return;
        String columns =
                schema.names().stream()
                        .map(column -> '"' + column + '"')
                        .collect(Collectors.joining(", "));
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result =
                        statement.executeQuery("select " + columns + " from '" + file + "'")) {
            int row = 0;
            while (result.next()) {
                for (int c = 0; c < schema.size(); c++)
                    assertThat(ours.rows().get(row).get(c))
                            .as("%s, row %d", schema.field(c), row)
                            .isEqualTo(DuckdbValues.get(result, c + 1, schema.field(c).type()));
                row++;
            }
            assertThat(ours.rows()).hasSize(row);
        }
    }
}
