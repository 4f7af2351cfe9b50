package dev.quiver.io.excel;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;

/// What people take for a workbook and what isn't one that is read.
final class ForeignFiles {
    private static final byte[] COMPOUND = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final byte[] ENCRYPTED = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
    private static final int LOOKED_AT_MAX = 16 << 20;

    private ForeignFiles() {}

    /// Refuses a file that isn't a zip.
    ///
    /// @param local where its bytes are
    static void refuse(FileRange file, Path local) {
        String path = file.path();
        try (InputStream in = Files.newInputStream(local)) {
            byte[] head = in.readNBytes(COMPOUND.length);
            if (head.length >= 4 && head[0] == 'P' && head[1] == 'K') return;
            if (!Arrays.equals(head, COMPOUND))
                throw new QuiverException(
                        ErrorCode.FILE_CORRUPT,
                        head.length == 0
                                ? "'%s' is empty, so it isn't a workbook".formatted(path)
                                : "'%s' is no Excel workbook (.xlsx), which is a zip"
                                        .formatted(path),
                        List.of(),
                        "read text as csv(…) or xml(…), or save it as .xlsx");
            byte[] rest = in.readNBytes(LOOKED_AT_MAX);
            if (contains(rest, ENCRYPTED))
                throw new QuiverException(
                        ErrorCode.UNSUPPORTED,
                        "'%s' is encrypted with a password".formatted(path),
                        List.of(),
                        "open it in a spreadsheet program and save it without a password");
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "'%s' is a workbook of Excel 97 to 2003 (.xls), which isn't read"
                            .formatted(path),
                    List.of(),
                    "open it in a spreadsheet program and save it as .xlsx");
        } catch (IOException e) {
            throw ByteSource.failed(file.path(), e);
        }
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++)
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) return true;
        return false;
    }

    /// Of a zip that isn't a workbook, or one in another format.
    static QuiverException noWorkbook(FileRange file, ZipFile zip) {
        if (zip.getEntry("xl/workbook.bin") != null)
            return other(file, "a binary workbook (.xlsb)");
        if (zip.getEntry("mimetype") != null && zip.getEntry("content.xml") != null)
            return other(file, "an OpenDocument file, such as .ods");
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "'%s' is a zip without a workbook in it".formatted(file.path()),
                List.of(),
                "name an .xlsx file; unpack a zip of files first");
    }

    private static QuiverException other(FileRange file, String what) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' is %s, which isn't read".formatted(file.path(), what),
                List.of(),
                "open it in a spreadsheet program and save it as .xlsx");
    }
}
