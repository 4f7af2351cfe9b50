package dev.quiver.dataframe.plan;

import java.util.List;

/// Finds files and what is in them; the part of reading that needs a file system.
public interface SourceFiles {
    /// A scan of CSV files; their schema is inferred unless it was said.
    ///
    /// @param paths files, directories or patterns; at least one
    /// @throws QuiverException when a file is missing, nothing matches or a file can't be read
    LogicalPlan.ScanCsv csv(List<String> paths, ReadOptions options);

    /// A scan of JSON files; their schema is inferred unless it was said.
    ///
    /// @throws QuiverException as [#csv]
    LogicalPlan.ScanFiles json(List<String> paths, ReadOptions options);

    /// A scan of Arrow files or streams.
    ///
    /// @throws QuiverException as [#csv]
    LogicalPlan.ScanFiles arrow(List<String> paths, ReadOptions options);

    /// A scan of XML files; their schema is inferred unless it was said.
    ///
    /// @throws QuiverException as [#csv]
    LogicalPlan.ScanFiles xml(String rowElement, List<String> paths, ReadOptions options);

    /// A scan of one sheet of Excel workbooks; its schema is inferred unless it was said.
    ///
    /// @throws QuiverException as [#csv]
    LogicalPlan.ScanFiles excel(List<String> paths, ReadOptions options);

    /// A scan of Parquet files.
    ///
    /// @throws QuiverException as [#csv]
    LogicalPlan.ScanParquet parquet(List<String> paths, ReadOptions options);

    /// A scan of a table or query of a database.
    ///
    /// @throws QuiverException when the database can't be reached or refuses, or a column's type
    ///   can't be read
    LogicalPlan.ScanTable table(TableRead read);
}
