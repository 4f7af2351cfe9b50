package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.FrameHead;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DataJsonTest {
    @Test
    void what_is_published_is_told_with_its_columns_by_whom_and_since_when() {
        Schema schema = Schema.of(Field.of("<b>", DataType.INT64));
        var frame =
                new CatalogEntry("delays", 4, Optional.of(schema), 3, 1, 80, 400, List.of(0, 2));
        var value = new CatalogEntry("rate", 5, Optional.empty(), 1, 0, 1, -1, List.of());
        var json = new DataJson(stage -> "client " + stage, Map.of("delays", 5_000L), 1_000_000);

        byte[] told = json.of(List.of(frame, value));

        assertThat(new String(told, StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"version":1,"published":[\
                        {"name":"delays","kind":"frame","stage":4,"partitions":3,"missing":1,\
                        "rows":80,"bytes":400,"owner":"client 4","sinceMillis":1000005,\
                        "workers":[0,2],"width":1,\
                        "columns":[{"name":"<b>","type":"int64","nullable":true}]},\
                        {"name":"rate","kind":"value","stage":5,"partitions":1,"missing":0,\
                        "rows":1,"bytes":-1,"owner":"client 5","sinceMillis":-1,\
                        "workers":[],"width":0,"columns":[]}]}\
                        """);
    }

    @Test
    void first_rows_are_told_with_what_is_missing() {
        var head =
                new FrameHead(
                        List.of("x", "y"), List.of(List.of(Optional.of("<b>"), Optional.empty())));

        String told = text(new FirstRows.There(head));
        String none = text(new FirstRows.Missing("It \"went\"."));

        assertThat(told)
                .endsWith("\"there\":true,\"columns\":[\"x\",\"y\"],\"rows\":[[\"<b>\",null]]}");
        assertThat(none).endsWith("\"there\":false,\"why\":\"It \\\"went\\\".\"}");
    }

    private static String text(FirstRows first) {
        return new String(DataJson.of(first), StandardCharsets.UTF_8);
    }

    @Test
    void long_texts_are_clipped_between_letters() {
        assertThat(FrameHead.text("😀".repeat(FrameHead.LETTERS_MAX)))
                .hasValueSatisfying(text -> assertThat(text).endsWith("😀"));
        assertThat(FrameHead.text("😀".repeat(FrameHead.LETTERS_MAX + 1)))
                .hasValueSatisfying(text -> assertThat(text).endsWith("😀…"));
        assertThat(FrameHead.text(null)).isEmpty();
    }
}
