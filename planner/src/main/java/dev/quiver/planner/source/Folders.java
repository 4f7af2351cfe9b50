package dev.quiver.planner.source;

import dev.quiver.error.TypeMismatch;
import dev.quiver.operator.FolderValue;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The columns that names of folders hold in the manner of Hive, such as `year=2013/month=1/`: of
/// each file, the folders right above it.
///
/// @param fields one a column, in the order of the folders; types as declared, else int64 where all
///   values are whole numbers, else date where all are dates, else utf8
/// @param values of each file
public record Folders(List<Field> fields, List<List<FolderValue>> values) {
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
    private static final int DIGITS_MAX = 18;

    public Folders {
        fields = List.copyOf(fields);
        values = List.copyOf(values);
    }

    static Folders of(List<Path> files, Map<String, DataType> declared) {
        List<Map<String, String>> texts = files.stream().map(Folders::texts).toList();
        var byColumn = new LinkedHashMap<String, List<String>>();
        for (Map<String, String> file : texts)
            file.forEach((column, text) ->
                    byColumn.computeIfAbsent(column, _ -> new ArrayList<>()).add(text));
        var types = new LinkedHashMap<String, DataType>();
        var fields = new ArrayList<Field>();
        byColumn.forEach((column, all) -> {
            DataType wanted = declared.get(column);
            DataType type = wanted == null ? type(all) : wanted;
            boolean nullable = all.size() < files.size() || all.contains(NULL);
            types.put(column, type);
            fields.add(new Field(column, type, nullable));
        });
        var values = new ArrayList<List<FolderValue>>();
        for (int i = 0; i < files.size(); i++)
            values.add(values(texts.get(i), types, files.get(i)));
        return new Folders(fields, values);
    }

    /// What the names of the folders right above a file say, from the outermost on.
    public static Map<String, String> texts(Path file) {
        var names = new ArrayList<String>();
        Path folder = file.getParent();
        while (folder != null && folder.getFileName() != null) {
            String name = folder.getFileName().toString();
            if (name.indexOf('=') < 1) break;
            names.addFirst(name);
            folder = folder.getParent();
        }
        var texts = new LinkedHashMap<String, String>();
        for (String name : names) {
            int equal = name.indexOf('=');
            texts.put(decoded(name.substring(0, equal)), decoded(name.substring(equal + 1)));
        }
        return texts;
    }

    /// With `%2F` and the like as the letters they stand for; what is no such code stays.
    public static String decoded(String name) {
        if (name.indexOf('%') < 0) return name;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (bytes[i] != '%' || low < 0) {
                out.write(bytes[i]);
                continue;
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static DataType type(List<String> texts) {
        if (all(texts, Folders::isWhole)) return DataType.INT64;
        return all(texts, Folders::isDate) ? DataType.DATE : DataType.UTF8;
    }

    private static boolean all(List<String> texts, Predicate<String> test) {
        return texts.stream().allMatch(text -> text.equals(NULL) || test.test(text))
                && texts.stream().anyMatch(text -> !text.equals(NULL));
    }

    private static boolean isWhole(String text) {
        int digits = text.startsWith("-") ? text.length() - 1 : text.length();
        return digits >= 1
                && digits <= DIGITS_MAX
                && text.substring(text.length() - digits)
                        .chars()
                        .allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isDate(String text) {
        if (text.length() != 10) return false;
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException noDate) {
            return false;
        }
    }

    private static List<FolderValue> values(
            Map<String, String> texts, Map<String, DataType> types, Path file) {
        var values = new ArrayList<FolderValue>();
        types.forEach((column, type) -> {
            String text = texts.getOrDefault(column, NULL);
            values.add(
                    new FolderValue(
                            column,
                            text.equals(NULL)
                                    ? Optional.empty()
                                    : Optional.of(value(column, text, type, file))));
        });
        return values;
    }

    private static Object value(String column, String text, DataType type, Path file) {
        if (DataType.isOpenText(type)) return text;
        if (type instanceof DataType.Int(var bits, var signed) && isWhole(text)) {
            long value = Long.parseLong(text);
            int shift = 64 - bits;
            long narrow = signed ? value << shift >> shift : value << shift >>> shift;
            if (narrow == value && (signed || bits < 64 || value >= 0)) return value;
        }
        if (type instanceof DataType.Date && isDate(text)) return LocalDate.parse(text);
        throw new TypeMismatch(
                "folder '%s=%s' holds no %s".formatted(column, text, type),
                List.of("file: " + file),
                "declare the column as utf8: read().type(\"%s\", DataType.UTF8)".formatted(column));
    }
}
