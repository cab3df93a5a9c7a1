PRAGMA page_size = 1024;
PRAGMA user_version = 1;
PRAGMA application_id = 0;
PRAGMA journal_mode = wal;
BEGIN TRANSACTION;
CREATE TABLE acknowledged (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;
INSERT INTO "acknowledged" VALUES(281474976710657,281474976710688);
CREATE TABLE buses (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "buses" VALUES(1,'school-broker');
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY,
    bus    INTEGER NOT NULL,
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    forget INTEGER NOT NULL,
    items  BLOB NOT NULL
) STRICT;
INSERT INTO "deliveries" VALUES(1,1,54,54,53,X'36000B179C858A38C58A');
CREATE TABLE epochs (
    number   INTEGER PRIMARY KEY,
    epoch    INTEGER NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "epochs" VALUES(1,1163002285018286741,0);
CREATE TABLE fact_values (
    fact  INTEGER NOT NULL REFERENCES facts (number),
    name  TEXT NOT NULL,
    value REAL,
    text  TEXT,
    PRIMARY KEY (fact, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
    number       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    rule         TEXT,
    object       TEXT NOT NULL,
    start_us     INTEGER NOT NULL,
    end_us       INTEGER NOT NULL,
    time_us      INTEGER NOT NULL,
    completeness REAL
) STRICT;
CREATE TABLE outbox (
    key      INTEGER PRIMARY KEY,
    priority INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    made_s   INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;
INSERT INTO "outbox" VALUES(281474976710657,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/1","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.369120+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":1,"timequality":"good","data":{"point":"p1/serial","value":1,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710658,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/2","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":2,"timequality":"good","data":{"point":"p1/serial","value":2,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710659,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/3","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":3,"timequality":"good","data":{"point":"p1/serial","value":3,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710660,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/4","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":4,"timequality":"good","data":{"point":"p1/serial","value":4,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710661,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/5","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":5,"timequality":"good","data":{"point":"p1/serial","value":5,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710662,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/6","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":6,"timequality":"good","data":{"point":"p1/serial","value":6,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710663,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/7","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":7,"timequality":"good","data":{"point":"p1/serial","value":7,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710664,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/8","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":8,"timequality":"good","data":{"point":"p1/serial","value":8,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710665,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/9","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":9,"timequality":"good","data":{"point":"p1/serial","value":9,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710666,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/10","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":10,"timequality":"good","data":{"point":"p1/serial","value":10,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710667,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/11","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":11,"timequality":"good","data":{"point":"p1/serial","value":11,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710668,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/12","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":12,"timequality":"good","data":{"point":"p1/serial","value":12,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710669,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/13","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":13,"timequality":"good","data":{"point":"p1/serial","value":13,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710670,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/14","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":14,"timequality":"good","data":{"point":"p1/serial","value":14,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710671,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/15","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":15,"timequality":"good","data":{"point":"p1/serial","value":15,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710672,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/16","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":16,"timequality":"good","data":{"point":"p1/serial","value":16,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710673,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/17","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":17,"timequality":"good","data":{"point":"p1/serial","value":17,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710674,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/18","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":18,"timequality":"good","data":{"point":"p1/serial","value":18,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710675,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/19","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":19,"timequality":"good","data":{"point":"p1/serial","value":19,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710676,1,2,1795394885,'{"specversion":"1.0","id":"gw-test/1163002285018286741/20","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:59.381720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":20,"timequality":"good","data":{"point":"p1/serial","value":20,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710677,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/1163002285018286741/21","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.806340+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":21,"timequality":"good","data":{"point":"own/serial","value":1001,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710678,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/1163002285018286741/22","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.817620+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":22,"timequality":"good","data":{"point":"own/serial","value":1002,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710679,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/1163002285018286741/23","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.817620+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":23,"timequality":"good","data":{"point":"own/serial","value":1003,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710680,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/1163002285018286741/24","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.817620+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":24,"timequality":"good","data":{"point":"own/serial","value":1004,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710681,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/1163002285018286741/25","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.817620+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":25,"timequality":"good","data":{"point":"own/serial","value":1005,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710682,0,0,1795394916,'{"specversion":"1.0","id":"gw-test/1163002285018286741/26","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:48:35.996600+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":26,"timequality":"good","data":{"uid":1,"step":1,"rule":"OWN-1","object":"p1","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710683,0,0,1795394928,'{"specversion":"1.0","id":"gw-test/1163002285018286741/27","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:48:48.231440+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":27,"timequality":"good","data":{"uid":2,"step":1,"rule":"OWN-1","object":"p2","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710684,0,0,1795394940,'{"specversion":"1.0","id":"gw-test/1163002285018286741/28","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:00.473180+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":28,"timequality":"good","data":{"uid":3,"step":1,"rule":"OWN-1","object":"p3","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710685,0,0,1795394952,'{"specversion":"1.0","id":"gw-test/1163002285018286741/29","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:12.670160+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":29,"timequality":"good","data":{"uid":4,"step":1,"rule":"OWN-1","object":"p4","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710686,0,0,1795394958,'{"specversion":"1.0","id":"gw-test/1163002285018286741/30","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:18.779300+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":30,"timequality":"good","data":{"uid":1,"step":2,"rule":"OWN-1","object":"p1","severity":"P2","from":"unacknowledged","to":"acknowledged","cause":"acknowledge","value":1,"role":"operator","test":false}}');
INSERT INTO "outbox" VALUES(281474976710687,0,0,1795394958,'{"specversion":"1.0","id":"gw-test/1163002285018286741/31","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:18.828800+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":31,"timequality":"good","data":{"uid":4,"step":2,"rule":"OWN-1","object":"p4","severity":"P2","from":"unacknowledged","to":"shelved","cause":"shelve","value":1,"role":"operator","test":false}}');
INSERT INTO "outbox" VALUES(281474976710688,1,1,1795395606,'{"specversion":"1.0","id":"gw-test/1163002285018286741/32","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-23T09:00:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":32,"timequality":"good","data":{"object":"p1","start":"2026-11-23T08:45:00+08:00","period_s":900,"items":[{"metric":"co2","unit":"ppm","min":600,"mean":628.75,"max":630,"last":630,"valid":0.8,"count":4}]}}');
INSERT INTO "outbox" VALUES(281474976710689,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/33","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.450400+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":33,"timequality":"good","data":{"point":"p1/serial","value":21,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710690,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/34","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":34,"timequality":"good","data":{"point":"p1/serial","value":22,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710691,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/35","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":35,"timequality":"good","data":{"point":"p1/serial","value":23,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710692,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/36","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":36,"timequality":"good","data":{"point":"p1/serial","value":24,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710693,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/37","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":37,"timequality":"good","data":{"point":"p1/serial","value":25,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710694,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/38","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":38,"timequality":"good","data":{"point":"p1/serial","value":26,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710695,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/39","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":39,"timequality":"good","data":{"point":"p1/serial","value":27,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710696,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/40","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":40,"timequality":"good","data":{"point":"p1/serial","value":28,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710697,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/41","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":41,"timequality":"good","data":{"point":"p1/serial","value":29,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710698,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/42","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":42,"timequality":"good","data":{"point":"p1/serial","value":30,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710699,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/43","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":43,"timequality":"good","data":{"point":"p1/serial","value":31,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710700,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/44","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":44,"timequality":"good","data":{"point":"p1/serial","value":32,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710701,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/45","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":45,"timequality":"good","data":{"point":"p1/serial","value":33,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710702,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/46","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":46,"timequality":"good","data":{"point":"p1/serial","value":34,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710703,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/47","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":47,"timequality":"good","data":{"point":"p1/serial","value":35,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710704,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/48","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":48,"timequality":"good","data":{"point":"p1/serial","value":36,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710705,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/49","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":49,"timequality":"good","data":{"point":"p1/serial","value":37,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710706,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/50","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":50,"timequality":"good","data":{"point":"p1/serial","value":38,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710707,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/51","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":51,"timequality":"good","data":{"point":"p1/serial","value":39,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710708,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/1163002285018286741/52","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:19.460720+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":52,"timequality":"good","data":{"point":"p1/serial","value":40,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710709,0,0,1795395631,'{"specversion":"1.0","id":"gw-test/1163002285018286741/53","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T09:00:31.670540+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"1163002285018286741","seq":53,"timequality":"good","data":{"uid":3,"step":2,"rule":"OWN-1","object":"p3","severity":"P2","from":"unacknowledged","to":"returned","cause":"rule","value":0,"role":"gateway","test":false}}');
CREATE TABLE points (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "points" VALUES(1,'p1/serial');
INSERT INTO "points" VALUES(2,'p2/serial');
INSERT INTO "points" VALUES(3,'p3/serial');
INSERT INTO "points" VALUES(4,'p4/serial');
INSERT INTO "points" VALUES(5,'p1/flag');
INSERT INTO "points" VALUES(6,'p2/flag');
INSERT INTO "points" VALUES(7,'p3/flag');
INSERT INTO "points" VALUES(8,'p4/flag');
INSERT INTO "points" VALUES(9,'p1/co2');
INSERT INTO "points" VALUES(10,'p2/co2');
INSERT INTO "points" VALUES(11,'p3/co2');
INSERT INTO "points" VALUES(12,'p4/co2');
INSERT INTO "points" VALUES(13,'own/serial');
INSERT INTO "points" VALUES(14,'gateway/store_state');
INSERT INTO "points" VALUES(15,'gateway/store_writes');
CREATE TABLE progress (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    commits   INTEGER NOT NULL,
    alarm_uid INTEGER NOT NULL,
    seq       INTEGER NOT NULL
) STRICT;
INSERT INTO "progress" VALUES(1,34,4,53);
CREATE TABLE readings (
    key     INTEGER PRIMARY KEY,
    point   INTEGER NOT NULL,
    value   REAL,
    quality INTEGER NOT NULL
) STRICT;
INSERT INTO "readings" VALUES(7353936934187008,14,0.0,0);
INSERT INTO "readings" VALUES(7353936934187009,15,0.0,0);
INSERT INTO "readings" VALUES(7353937425895424,1,1.0,0);
INSERT INTO "readings" VALUES(7353937425944576,1,2.0,0);
INSERT INTO "readings" VALUES(7353937425944577,1,3.0,0);
INSERT INTO "readings" VALUES(7353937425944578,1,4.0,0);
INSERT INTO "readings" VALUES(7353937425944579,1,5.0,0);
INSERT INTO "readings" VALUES(7353937425944580,1,6.0,0);
INSERT INTO "readings" VALUES(7353937425944581,1,7.0,0);
INSERT INTO "readings" VALUES(7353937425944582,1,8.0,0);
INSERT INTO "readings" VALUES(7353937425944583,1,9.0,0);
INSERT INTO "readings" VALUES(7353937425944584,1,10.0,0);
INSERT INTO "readings" VALUES(7353937425944585,1,11.0,0);
INSERT INTO "readings" VALUES(7353937425944586,1,12.0,0);
INSERT INTO "readings" VALUES(7353937425944587,1,13.0,0);
INSERT INTO "readings" VALUES(7353937425944588,1,14.0,0);
INSERT INTO "readings" VALUES(7353937425944589,1,15.0,0);
INSERT INTO "readings" VALUES(7353937425944590,1,16.0,0);
INSERT INTO "readings" VALUES(7353937425944591,1,17.0,0);
INSERT INTO "readings" VALUES(7353937425944592,1,18.0,0);
INSERT INTO "readings" VALUES(7353937425944593,1,19.0,0);
INSERT INTO "readings" VALUES(7353937425944594,1,20.0,0);
INSERT INTO "readings" VALUES(7353937475874816,9,600.0,0);
INSERT INTO "readings" VALUES(7353937475887104,9,620.0,0);
INSERT INTO "readings" VALUES(7353937525989376,13,1001.0,0);
INSERT INTO "readings" VALUES(7353937526034432,13,1002.0,0);
INSERT INTO "readings" VALUES(7353937526034433,13,1003.0,0);
INSERT INTO "readings" VALUES(7353937526034434,13,1004.0,0);
INSERT INTO "readings" VALUES(7353937526034435,13,1005.0,0);
INSERT INTO "readings" VALUES(7353937575919616,5,1.0,0);
INSERT INTO "readings" VALUES(7353937626034176,6,1.0,0);
INSERT INTO "readings" VALUES(7353937676177408,7,1.0,0);
INSERT INTO "readings" VALUES(7353937726136320,8,1.0,0);
INSERT INTO "readings" VALUES(7353940457267200,1,21.0,0);
INSERT INTO "readings" VALUES(7353940457308160,1,22.0,0);
INSERT INTO "readings" VALUES(7353940457308161,1,23.0,0);
INSERT INTO "readings" VALUES(7353940457308162,1,24.0,0);
INSERT INTO "readings" VALUES(7353940457308163,1,25.0,0);
INSERT INTO "readings" VALUES(7353940457308164,1,26.0,0);
INSERT INTO "readings" VALUES(7353940457308165,1,27.0,0);
INSERT INTO "readings" VALUES(7353940457308166,1,28.0,0);
INSERT INTO "readings" VALUES(7353940457308167,1,29.0,0);
INSERT INTO "readings" VALUES(7353940457308168,1,30.0,0);
INSERT INTO "readings" VALUES(7353940457308169,1,31.0,0);
INSERT INTO "readings" VALUES(7353940457308170,1,32.0,0);
INSERT INTO "readings" VALUES(7353940457308171,1,33.0,0);
INSERT INTO "readings" VALUES(7353940457308172,1,34.0,0);
INSERT INTO "readings" VALUES(7353940457308173,1,35.0,0);
INSERT INTO "readings" VALUES(7353940457308174,1,36.0,0);
INSERT INTO "readings" VALUES(7353940457308175,1,37.0,0);
INSERT INTO "readings" VALUES(7353940457308176,1,38.0,0);
INSERT INTO "readings" VALUES(7353940457308177,1,39.0,0);
INSERT INTO "readings" VALUES(7353940457308178,1,40.0,0);
INSERT INTO "readings" VALUES(7353940507320320,7,0.0,0);
CREATE TABLE states (
    owner TEXT NOT NULL,
    key   TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "states" VALUES('alarm','OWN-1@p1',X'0100000001000000020000000200000001000000010000000100000000000000000000000000F03FB81333F4E6600600A4E3BFF6E660060000000000000000804F574E2D31000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000070310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000726F6F7400000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p2',X'0100000001000000010000000100000001000000010000000200000000000000000000000000F03F10C4EDF4E660060010C4EDF4E660060000000000000000804F574E2D310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000703200000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p3',X'010000000100000003000000020000000100000000000000030000000000000000000000000000005C8FA8F5E66006000C65DB1EE760060000000000000000804F574E2D310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000703300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p4',X'0100000001000000060000000200000001000000010000000400000000000000000000000000F03FD0AB62F6E660060000A5C0F6E6600600A4B75DABED6006004F574E2D31000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000070340000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000726F6F740000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006120747269616C000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('clock','ahead',X'000000000000000033366262306337632D633565642D343865382D616436302D64663235663035346136316300000000');
INSERT INTO "states" VALUES('plugin/three_defense','sheet/day',X'0100000000000000000000000000000000000000100000001000000010000000100000001000000010000000100000001000000010000000100000001000000010000000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('rule','OWN-1@p1',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
INSERT INTO "states" VALUES('rule','OWN-1@p2',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
INSERT INTO "states" VALUES('rule','OWN-1@p4',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
CREATE TABLE summaries (
    number    INTEGER PRIMARY KEY,
    object    TEXT NOT NULL,
    start_us  INTEGER NOT NULL,
    period_us INTEGER NOT NULL
) STRICT;
INSERT INTO "summaries" VALUES(1,'p1',1795394700000000,900000000);
CREATE TABLE summary_items (
    summary INTEGER NOT NULL REFERENCES summaries (number),
    metric  TEXT NOT NULL,
    min     REAL,
    mean    REAL,
    max     REAL,
    last    REAL,
    valid   REAL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (summary, metric)
) STRICT, WITHOUT ROWID;
INSERT INTO "summary_items" VALUES(1,'co2',600.0,628.75,630.0,630.0,0.8,4);
CREATE TABLE transitions (
    number       INTEGER PRIMARY KEY,
    uid          INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    object       TEXT NOT NULL,
    severity     INTEGER NOT NULL,
    from_state   INTEGER NOT NULL,
    to_state     INTEGER NOT NULL,
    cause        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    comment      TEXT NOT NULL,
    value        REAL,
    time_us      INTEGER NOT NULL,
    time_quality INTEGER NOT NULL,
    mono_us      INTEGER NOT NULL,
    is_test      INTEGER NOT NULL
) STRICT;
INSERT INTO "transitions" VALUES(1,1,1,'OWN-1','p1',1,0,1,'rule','','',1.0,1795394915996600,1,14607381700,0);
INSERT INTO "transitions" VALUES(2,2,1,'OWN-1','p2',1,0,1,'rule','','',1.0,1795394928231440,1,14607585613,0);
INSERT INTO "transitions" VALUES(3,3,1,'OWN-1','p3',1,0,1,'rule','','',1.0,1795394940473180,1,14607789638,0);
INSERT INTO "transitions" VALUES(4,4,1,'OWN-1','p4',1,0,1,'rule','','',1.0,1795394952670160,1,14607992922,0);
INSERT INTO "transitions" VALUES(5,1,2,'OWN-1','p1',1,1,2,'acknowledge','root','',1.0,1795394958779300,1,14608094703,0);
INSERT INTO "transitions" VALUES(6,4,2,'OWN-1','p4',1,1,6,'shelve','root','a trial',1.0,1795394958828800,1,14608095521,0);
INSERT INTO "transitions" VALUES(7,3,2,'OWN-1','p3',1,1,3,'rule','','',0.0,1795395631670540,1,14619309594,0);
CREATE INDEX transitions_by_time ON transitions (time_us);
CREATE INDEX transitions_by_alarm ON transitions (rule, object, time_us);
CREATE INDEX outbox_alarms ON outbox (key) WHERE priority = 0;
COMMIT;
