-- over: http
-- Functions whose value changes: only what must hold of them is printed.
SELECT count(DISTINCT rand()) > 90, min(rand64() % 10) >= 0 FROM numbers(100);
SELECT currentDatabase(), toTypeName(hostName()), currentUser() != '', toTypeName(version()), uptime() >= 0, toTypeName(connectionId()), getSetting('max_block_size') > 0;
SELECT throwIf(0), throwIf(1, 'custom text');
