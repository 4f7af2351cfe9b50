package dev.quiver.dataframe;

import dev.quiver.dataframe.Profile.ColumnProfile;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Literals;
import dev.quiver.expression.Simplification;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataTypeParser;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Profiles as JSON. Values are kept as texts, whatever their type, so that none loses digits.
final class ProfileJson {
    private static final int VERSION = 1;

    private ProfileJson() {}

    static String text(Profile profile) {
        var text = new StringBuilder();
        text.append("{\"version\":%d,\"rows\":%d,\"columns\":[".formatted(VERSION, profile.rows()));
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnProfile column = profile.columns().get(i);
            text.append(i == 0 ? "\n" : ",\n").append("{\"name\":").append(string(column.name()));
            text.append(",\"type\":").append(string(column.type()));
            text.append(",\"nulls\":").append(column.nulls());
            text.append(",\"different\":").append(column.different());
            column.min().ifPresent(v -> text.append(",\"min\":").append(string(v)));
            column.max().ifPresent(v -> text.append(",\"max\":").append(string(v)));
            text.append(",\"lengthMin\":").append(column.lengthMin());
            text.append(",\"lengthMax\":").append(column.lengthMax());
            List<String> values = column.values().stream().map(ProfileJson::string).toList();
            text.append(",\"values\":[").append(String.join(",", values)).append("]}");
        }
        return text.append("\n]}\n").toString();
    }

    private static String string(Object value) {
        var quoted = new StringBuilder("\"");
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') quoted.append('\\').append(letter);
            else if (letter < 0x20 || letter == 0x7F)
                quoted.append("\\u%04x".formatted((int) letter));
            else quoted.append(letter);
        }
        return quoted.append('"').toString();
    }

    static Profile read(Path file) {
        try {
            return parse(Files.readString(file), "'%s'".formatted(file));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't read '%s': %s".formatted(file, e),
                    List.of(),
                    "check the path and its permissions",
                    e);
        }
    }

    /// @param name what errors call the text
    static Profile parse(String json, String name) {
        try {
            Object tree =
                    new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(json);
            if (!(tree instanceof Map<?, ?> top)
                    || !Integer.valueOf(VERSION).equals(top.get("version"))
                    || !(top.get("columns") instanceof List<?> list)) throw wrong(name, null);
            var columns = new ArrayList<ColumnProfile>();
            for (Object column : list) columns.add(column((Map<?, ?>) column));
            return new Profile(number(top, "rows"), columns);
        } catch (YamlEngineException | ClassCastException e) {
            throw wrong(name, e);
        }
    }

    private static QuiverException wrong(String name, @Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "%s isn't a profile of this version of Quiver".formatted(name),
                List.of(),
                "remove it; the next run makes a new one",
                cause);
    }

    private static ColumnProfile column(Map<?, ?> map) {
        DataType type = DataTypeParser.parse(text(map, "type"));
        var values = new ArrayList<Object>();
        for (Object value : (List<?>) part(map, "values")) values.add(value(type, (String) value));
        return new ColumnProfile(
                text(map, "name"),
                type,
                number(map, "nulls"),
                number(map, "different"),
                Optional.ofNullable((String) map.get("min")).map(v -> value(type, v)),
                Optional.ofNullable((String) map.get("max")).map(v -> value(type, v)),
                number(map, "lengthMin"),
                number(map, "lengthMax"),
                values);
    }

    private static Object part(Map<?, ?> map, String key) {
        Object part = map.get(key);
        if (part == null) throw new ClassCastException("no '%s'".formatted(key));
        return part;
    }

    private static String text(Map<?, ?> map, String key) {
        return (String) part(map, key);
    }

    private static long number(Map<?, ?> map, String key) {
        return ((Number) part(map, key)).longValue();
    }

    private static Object value(DataType type, String text) {
        if (DataType.isText(type)) return text;
        var cast = new Expression.Cast(Literals.of(text), type);
        if (Simplification.of(cast, new Schema(List.of()))
                        instanceof Expression.Literal(var value, _)
                && value != null) return value;
        throw new ClassCastException("'%s' isn't a %s".formatted(text, type));
    }
}
