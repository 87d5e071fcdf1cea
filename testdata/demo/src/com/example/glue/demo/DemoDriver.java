package com.example.glue.demo;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC driver for one fixed table, {@code numbers}, kept in memory.
 *
 * <p>The URL is {@code jdbc:demo://ANYTHING}. A query is {@code SELECT columns FROM numbers}, where
 * columns is {@code *} or a list of names, or {@code SELECT * FROM (query) alias [WHERE 1=0]}, which
 * is how Spark asks for a query and for a schema. Everything else is an SQLException.
 */
public final class DemoDriver implements Driver {
    static final String PREFIX = "jdbc:demo:";
    static final String TABLE = "numbers";
    static final String[] COLUMNS = {"n", "name", "square"};
    static final int[] TYPES = {Types.INTEGER, Types.VARCHAR, Types.BIGINT};
    static final Object[][] ROWS = {
        {1, "one", 1L}, {2, "two", 4L}, {3, "three", 9L}, {4, "four", 16L}, {5, null, 25L},
    };

    private static final Pattern WRAPPED = Pattern.compile(
            "select\\s+(.+?)\\s+from\\s*\\(\\s*(select\\s.+)\\)\\s*(?:as\\s+)?\\w*(\\s+where\\s+1\\s*=\\s*0)?\\s*;?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile(
            "select\\s+(.+?)\\s+from\\s+[\"`]?" + TABLE + "[\"`]?(?:\\s+(?:as\\s+)?(?!where\\b)\\w+)?(\\s+where\\s+1\\s*=\\s*0)?\\s*;?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    static {
        try {
            DriverManager.registerDriver(new DemoDriver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return url != null && url.startsWith(PREFIX);
    }

    @Override
    public Connection connect(String url, Properties info) {
        return acceptsURL(url) ? proxy(Connection.class, new Session(url)) : null;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        DriverPropertyInfo user = new DriverPropertyInfo("user", info == null ? null : info.getProperty("user"));
        user.description = "Any name, it is not looked at";
        DriverPropertyInfo password = new DriverPropertyInfo("password", null);
        password.description = "Any password, it is not looked at";
        return new DriverPropertyInfo[] {user, password};
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no logging");
    }

    /** The rows of a query. */
    static Cursor query(String sql) throws SQLException {
        String trimmed = sql.trim();
        Matcher wrapped = WRAPPED.matcher(trimmed);
        if (wrapped.matches()) {
            Cursor inner = query(wrapped.group(2));
            return inner.select(wrapped.group(1), wrapped.group(3) != null);
        }
        Matcher plain = PLAIN.matcher(trimmed);
        if (!plain.matches()) {
            throw new SQLException("only SELECT columns FROM " + TABLE + " is understood, not: " + sql, "42000");
        }
        int[] all = new int[COLUMNS.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return new Cursor(all, ROWS.length).select(plain.group(1), plain.group(2) != null);
    }

    /** An object of a JDBC interface whose calls go to the handler's public methods of the same signature. */
    @SuppressWarnings("unchecked")
    static <T> T proxy(Class<T> type, final Base handler) {
        return (T) Proxy.newProxyInstance(DemoDriver.class.getClassLoader(), new Class<?>[] {type}, new InvocationHandler() {
            @Override
            public Object invoke(Object self, Method method, Object[] args) throws Throwable {
                handler.self = self;
                Method target;
                try {
                    target = handler.getClass().getMethod(method.getName(), method.getParameterTypes());
                } catch (NoSuchMethodException e) {
                    throw new SQLFeatureNotSupportedException(type.getSimpleName() + "." + method.getName());
                }
                if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
                    return self == args[0];
                }
                try {
                    return target.invoke(handler, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        });
    }

    /** What every JDBC object can do. */
    public static class Base {
        Object self;
        boolean closed;

        public void close() {
            closed = true;
        }

        public boolean isClosed() {
            return closed;
        }

        public java.sql.SQLWarning getWarnings() {
            return null;
        }

        public void clearWarnings() {}

        public boolean isWrapperFor(Class<?> type) {
            return type.isInstance(self);
        }

        public <T> T unwrap(Class<T> type) throws SQLException {
            if (!type.isInstance(self)) {
                throw new SQLException("not a " + type.getName());
            }
            return type.cast(self);
        }
    }

    /** A connection, and what it says of its database. */
    public static final class Session extends Base {
        private final String url;
        private boolean autoCommit = true;

        Session(String url) {
            this.url = url;
        }

        public Statement createStatement() {
            return proxy(Statement.class, new Query(self, null));
        }

        public Statement createStatement(int type, int concurrency) {
            return createStatement();
        }

        public PreparedStatement prepareStatement(String sql) {
            return proxy(PreparedStatement.class, new Query(self, sql));
        }

        public PreparedStatement prepareStatement(String sql, int type, int concurrency) {
            return prepareStatement(sql);
        }

        public DatabaseMetaData getMetaData() {
            return proxy(DatabaseMetaData.class, this);
        }

        public Connection getConnection() {
            return proxy(Connection.class, this);
        }

        public String getURL() {
            return url;
        }

        public String getDatabaseProductName() {
            return "Demo";
        }

        public String getDatabaseProductVersion() {
            return "1.0.0";
        }

        public String getDriverName() {
            return "Demo JDBC Driver";
        }

        public String getDriverVersion() {
            return "1.0.0";
        }

        public String getIdentifierQuoteString() {
            return "\"";
        }

        public boolean supportsTransactions() {
            return false;
        }

        public boolean isValid(int seconds) {
            return !closed;
        }

        public boolean isReadOnly() {
            return true;
        }

        public void setReadOnly(boolean readOnly) {}

        public boolean getAutoCommit() {
            return autoCommit;
        }

        public void setAutoCommit(boolean autoCommit) {
            this.autoCommit = autoCommit;
        }

        public void commit() {}

        public void rollback() {}

        public int getTransactionIsolation() {
            return Connection.TRANSACTION_NONE;
        }

        public void setTransactionIsolation(int level) {}
    }

    /** A statement, prepared or not. */
    public static final class Query extends Base {
        private final Object connection;
        private final String prepared;
        private ResultSet result;

        Query(Object connection, String prepared) {
            this.connection = connection;
            this.prepared = prepared;
        }

        public ResultSet executeQuery() throws SQLException {
            return executeQuery(prepared);
        }

        public ResultSet executeQuery(String sql) throws SQLException {
            Cursor rows = query(sql);
            rows.statement = self;
            result = proxy(ResultSet.class, rows);
            return result;
        }

        public boolean execute(String sql) throws SQLException {
            executeQuery(sql);
            return true;
        }

        public boolean execute() throws SQLException {
            executeQuery();
            return true;
        }

        public ResultSetMetaData getMetaData() throws SQLException {
            return query(prepared).getMetaData();
        }

        public ResultSet getResultSet() {
            return result;
        }

        public boolean getMoreResults() {
            return false;
        }

        public int getUpdateCount() {
            return -1;
        }

        public Connection getConnection() {
            return (Connection) connection;
        }

        public void setFetchSize(int rows) {}

        public void setQueryTimeout(int seconds) {}

        public void setMaxRows(int rows) {}

        public void cancel() {}
    }

    /** A result set and its metadata. */
    public static final class Cursor extends Base {
        private final int[] columns;
        private final int rows;
        private int row = -1;
        private boolean wasNull;
        Object statement;

        Cursor(int[] columns, int rows) {
            this.columns = columns;
            this.rows = rows;
        }

        /** The same rows, or none, with the named columns only. */
        Cursor select(String list, boolean none) throws SQLException {
            String[] names = list.split(",");
            int[] picked = columns;
            if (!list.trim().equals("*")) {
                picked = new int[names.length];
                for (int i = 0; i < names.length; i++) {
                    picked[i] = columns[findColumn(names[i].trim().replaceAll("^[\"`]|[\"`]$", "")) - 1];
                }
            }
            return new Cursor(picked, none ? 0 : rows);
        }

        public boolean next() {
            return ++row < rows;
        }

        public int getRow() {
            return row < rows ? row + 1 : 0;
        }

        public Statement getStatement() {
            return (Statement) statement;
        }

        public ResultSetMetaData getMetaData() {
            return proxy(ResultSetMetaData.class, this);
        }

        public int findColumn(String label) throws SQLException {
            for (int i = 0; i < columns.length; i++) {
                if (COLUMNS[columns[i]].equalsIgnoreCase(label)) {
                    return i + 1;
                }
            }
            throw new SQLException("no column " + label, "42703");
        }

        private int column(int index) throws SQLException {
            if (index < 1 || index > columns.length) {
                throw new SQLException("no column " + index + ", there are " + columns.length, "42703");
            }
            return columns[index - 1];
        }

        public Object getObject(int index) throws SQLException {
            int column = column(index);
            if (row < 0 || row >= rows) {
                throw new SQLException("not on a row", "24000");
            }
            Object value = ROWS[row][column];
            wasNull = value == null;
            return value;
        }

        public Object getObject(String label) throws SQLException {
            return getObject(findColumn(label));
        }

        public String getString(int index) throws SQLException {
            Object value = getObject(index);
            return value == null ? null : value.toString();
        }

        public String getString(String label) throws SQLException {
            return getString(findColumn(label));
        }

        public long getLong(int index) throws SQLException {
            Object value = getObject(index);
            if (value == null) {
                return 0;
            }
            if (!(value instanceof Number)) {
                throw new SQLException("column " + index + " is not a number", "22018");
            }
            return ((Number) value).longValue();
        }

        public long getLong(String label) throws SQLException {
            return getLong(findColumn(label));
        }

        public int getInt(int index) throws SQLException {
            return (int) getLong(index);
        }

        public int getInt(String label) throws SQLException {
            return getInt(findColumn(label));
        }

        public double getDouble(int index) throws SQLException {
            return getLong(index);
        }

        public BigDecimal getBigDecimal(int index) throws SQLException {
            long value = getLong(index);
            return wasNull ? null : BigDecimal.valueOf(value);
        }

        public boolean wasNull() {
            return wasNull;
        }

        public void setFetchSize(int rows) {}

        public int getColumnCount() {
            return columns.length;
        }

        public String getColumnName(int index) throws SQLException {
            return COLUMNS[column(index)];
        }

        public String getColumnLabel(int index) throws SQLException {
            return getColumnName(index);
        }

        public String getTableName(int index) {
            return TABLE;
        }

        public int getColumnType(int index) throws SQLException {
            return TYPES[column(index)];
        }

        public String getColumnTypeName(int index) throws SQLException {
            switch (getColumnType(index)) {
                case Types.INTEGER:
                    return "INTEGER";
                case Types.BIGINT:
                    return "BIGINT";
                default:
                    return "VARCHAR";
            }
        }

        public String getColumnClassName(int index) throws SQLException {
            switch (getColumnType(index)) {
                case Types.INTEGER:
                    return "java.lang.Integer";
                case Types.BIGINT:
                    return "java.lang.Long";
                default:
                    return "java.lang.String";
            }
        }

        public int getColumnDisplaySize(int index) {
            return 20;
        }

        public int getPrecision(int index) throws SQLException {
            return getColumnType(index) == Types.INTEGER ? 10 : 19;
        }

        public int getScale(int index) {
            return 0;
        }

        public boolean isSigned(int index) throws SQLException {
            return getColumnType(index) != Types.VARCHAR;
        }

        public int isNullable(int index) throws SQLException {
            return getColumnType(index) == Types.VARCHAR ? ResultSetMetaData.columnNullable : ResultSetMetaData.columnNoNulls;
        }
    }
}
