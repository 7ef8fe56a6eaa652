-- over: http
-- parseDateTimeBestEffort and its kin.
SELECT parseDateTimeBestEffort('2024-01-02 03:04:05', 'UTC'), parseDateTimeBestEffort('2024-01-02T03:04:05Z', 'UTC'), parseDateTimeBestEffort('2024-01-02T03:04:05+02:00', 'UTC'), parseDateTimeBestEffort('02/01/2024 03:04', 'UTC'), parseDateTimeBestEffort('Jan 2 2024 3:04 PM', 'UTC'), parseDateTimeBestEffort('1700000000', 'UTC');
SELECT parseDateTimeBestEffort('20240102', 'UTC'), parseDateTimeBestEffort('20240102030405', 'UTC'), parseDateTimeBestEffort('2024-01-02', 'UTC'), parseDateTimeBestEffort('Tue, 02 Jan 2024 03:04:05 GMT', 'UTC'), parseDateTimeBestEffort('2024-01-02 03:04:05.678', 'UTC');
SELECT parseDateTimeBestEffort('rubbish');
SELECT parseDateTimeBestEffortOrNull('rubbish'), parseDateTimeBestEffortOrZero('rubbish', 'UTC'), parseDateTime64BestEffort('2024-01-02 03:04:05.678', 3, 'UTC'), parseDateTime64BestEffort('2024-01-02T03:04:05.123456Z', 6, 'UTC'), parseDateTime64BestEffortOrNull('x', 3, 'UTC'), parseDateTimeBestEffortUS('01/02/2024', 'UTC');
SELECT toTypeName(parseDateTimeBestEffort('2024-01-01', 'UTC')), toTypeName(parseDateTime64BestEffort('2024-01-01')), toTypeName(parseDateTimeBestEffortOrNull('x'));
SELECT parseDateTimeBestEffort(s, 'UTC') AS t FROM (SELECT arrayJoin(['2024-01-02T00:00:00Z', '2024-01-01']) AS s) ORDER BY t;
