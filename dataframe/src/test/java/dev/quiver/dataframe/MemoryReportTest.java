package dev.quiver.dataframe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.MemoryReport.ColumnMemory;
import dev.quiver.schema.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryReportTest {
    @Test
    void columns_stand_below_each_other_whatever_their_words_take() {
        var report =
                new MemoryReport(
                        336_776,
                        List.of(
                                new ColumnMemory(
                                        "n", DataType.INT64, "plain", 2_694_208, 2_694_208),
                                new ColumnMemory(
                                        "tailnum",
                                        DataType.UTF8,
                                        "dictionary (4,043 values)",
                                        1_461_963,
                                        3_393_279)));

        String text = report.toString();

        assertThat(text.lines())
                .containsExactly(
                        "column   type   encoding                       bytes      saved",
                        "n        int64  plain                      2,694,208          0",
                        "tailnum  utf8   dictionary (4,043 values)  1,461,963  1,931,316",
                        "336,776 rows, 4,156,171 bytes; encoding saved 1,931,316 of 6,087,487"
                                + " bytes");
    }
}
