BEGIN TRANSACTION;
CREATE TABLE acts (
	number INTEGER NOT NULL, 
	act VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	event TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (hash)
);
INSERT INTO "acts" VALUES(1,'election_bound',1,'{"act":"election_bound","at":1,"before":"0000000000000000000000000000000000000000000000000000000000000000","by":[],"number":1,"of":"Øvingsvalget 2027","row":"817ae34a6b712ba9a94ea9da357b00479e1155ca3593cdae7316eb6aa8842822"}','dd0f10205a7be95eea057b1e8dd30c58c8a0e6a97d1a9981f8d526713b1f2b82');
INSERT INTO "acts" VALUES(2,'count_opened',1,'{"act":"count_opened","at":1,"before":"dd0f10205a7be95eea057b1e8dd30c58c8a0e6a97d1a9981f8d526713b1f2b82","by":["Kari","Ola"],"number":2,"of":"the count","row":"fa4f74a405a4da3d92856ba284f02ea9ec5fb4f033b34f37e8ac164596d2de25"}','26f3065ac220ee792e1d32e58d2e661fc991b53d4b5da492533b1a2ae5ff1a10');
INSERT INTO "acts" VALUES(3,'box_added',1,'{"act":"box_added","at":1,"before":"26f3065ac220ee792e1d32e58d2e661fc991b53d4b5da492533b1a2ae5ff1a10","by":[],"number":3,"of":"K1","row":"a57df21325dfa7f21b8c9381fd3b1ff1611f996e6c52b42109e322d3bda6a75b"}','d546b87fa0e3424c569328373b0b8d672e5d05a064eb3378a1782f6dc00719b3');
INSERT INTO "acts" VALUES(4,'sheet_kept',1,'{"act":"sheet_kept","at":1,"before":"d546b87fa0e3424c569328373b0b8d672e5d05a064eb3378a1782f6dc00719b3","by":[],"number":4,"of":"K1/0001","row":"d28b3155f6a8328feb749a48a270bd2d02edae38d2c1aa1f315b92c37e5c4cfa"}','54cfff2dd2e6eb4fa86fd740d4fb6fd8e2a2f5b7dd0cf4e279e54ed4a9d05b77');
INSERT INTO "acts" VALUES(5,'sheet_read',1,'{"act":"sheet_read","at":1,"before":"54cfff2dd2e6eb4fa86fd740d4fb6fd8e2a2f5b7dd0cf4e279e54ed4a9d05b77","by":[],"number":5,"of":"K1/0001","row":"df3bc729d9b3bbd00593c1ae6c0f237836ab44139536549dea6538d75bfb5b99"}','8e340cc724752ba69850cf6e0d9ed8625356554f756ce778c8a3c6a9c75b16e0');
INSERT INTO "acts" VALUES(6,'ballot_decided',1,'{"act":"ballot_decided","at":1,"before":"8e340cc724752ba69850cf6e0d9ed8625356554f756ce778c8a3c6a9c75b16e0","by":[],"number":6,"of":"K1/0001","row":"d847131fc6f8ae20c15a67a46680b3645a2af278fc9254a851575dfa5f1e9fa9"}','3f93e713d519609bbc9b5971b3bda688c55c2007a85e423d7fe76e5fb8959378');
INSERT INTO "acts" VALUES(7,'sheet_kept',2,'{"act":"sheet_kept","at":2,"before":"3f93e713d519609bbc9b5971b3bda688c55c2007a85e423d7fe76e5fb8959378","by":[],"number":7,"of":"K1/0002","row":"ba4b6cd95a2cecd8a81dac3bfbf34aea17a7c69e0e118660c406089d556ad4ad"}','0ec59695d71b44be54d5e483ad8009cf8773e9ecdec6bc6e08c202b48846aebd');
INSERT INTO "acts" VALUES(8,'sheet_read',2,'{"act":"sheet_read","at":2,"before":"0ec59695d71b44be54d5e483ad8009cf8773e9ecdec6bc6e08c202b48846aebd","by":[],"number":8,"of":"K1/0002","row":"c1d359becdc0921d0f3da6df16a8c45807e8c08c77d196fbdd518294dd9e20f9"}','db8356a3eede1ccb216f3b064541ed493692964a0de4189b0b377a5fe4c24f84');
INSERT INTO "acts" VALUES(9,'ballot_decided',2,'{"act":"ballot_decided","at":2,"before":"db8356a3eede1ccb216f3b064541ed493692964a0de4189b0b377a5fe4c24f84","by":[],"number":9,"of":"K1/0002","row":"e18f4f20d6e428cbb9cccbaf4d691c854aba4b0ec20e8eb634080597fb317aa1"}','1e1ad39275b0b3c01cebb9e04aead9d7c47ace4205eeffbd33b3edbf810c9751');
INSERT INTO "acts" VALUES(10,'sheet_kept',3,'{"act":"sheet_kept","at":3,"before":"1e1ad39275b0b3c01cebb9e04aead9d7c47ace4205eeffbd33b3edbf810c9751","by":[],"number":10,"of":"K1/0003","row":"298ea37c8605fa1bb61f039ae065337188fb3008e7d074d11aa968e583c15a72"}','11a6f3208d2af245c962062ee92d6ad2bbf7c1b4f2f8fa809a26a006d3904caa');
INSERT INTO "acts" VALUES(11,'sheet_read',3,'{"act":"sheet_read","at":3,"before":"11a6f3208d2af245c962062ee92d6ad2bbf7c1b4f2f8fa809a26a006d3904caa","by":[],"number":11,"of":"K1/0003","row":"74827c643abc4f39fb745956bb10f97feb4300b0d5cc7846aad8c9a44fbd4a4f"}','93bd9d0965ddf5d32df3a29bc5367c669b5cca2dc422bc96874eb31c483704de');
INSERT INTO "acts" VALUES(12,'ballot_decided',3,'{"act":"ballot_decided","at":3,"before":"93bd9d0965ddf5d32df3a29bc5367c669b5cca2dc422bc96874eb31c483704de","by":[],"number":12,"of":"K1/0003","row":"57a8a6e7ff7309e78a14756aea47f4bb5a0ab338fe8916d2d7270dd5c21e296b"}','ed83e50ff59bad1f9ef0e5a806569ccf9a9416861b522a22b3647bb283aa4e91');
INSERT INTO "acts" VALUES(13,'sheet_kept',4,'{"act":"sheet_kept","at":4,"before":"ed83e50ff59bad1f9ef0e5a806569ccf9a9416861b522a22b3647bb283aa4e91","by":[],"number":13,"of":"K1/0004","row":"15a3afa3cb56ee48d1f79b835ae1885492dfafe2a27a179532e63ad8527f950d"}','0e13ff3caccabbb2cb7d958a540dfe00589f9bb0b7ef0b00d55e5d272bc36dfa');
INSERT INTO "acts" VALUES(14,'sheet_read',4,'{"act":"sheet_read","at":4,"before":"0e13ff3caccabbb2cb7d958a540dfe00589f9bb0b7ef0b00d55e5d272bc36dfa","by":[],"number":14,"of":"K1/0004","row":"d2f62721003ad4ddd367cfe5bc5b70ba71f47ba7cf6e860f4c078764409137f0"}','f3b0e5c1d50e0ad065c30187d14785e74601dfc0f3ee112829becde2d50d661b');
INSERT INTO "acts" VALUES(15,'ballot_decided',4,'{"act":"ballot_decided","at":4,"before":"f3b0e5c1d50e0ad065c30187d14785e74601dfc0f3ee112829becde2d50d661b","by":[],"number":15,"of":"K1/0004","row":"89e8269e37e454748f462f0452c87845d0d430088cb89bc42eceb25b1a70e35c"}','2957496539fe210d82242c6656db861ea78ad1653637cae91a125f44dc3b4036');
INSERT INTO "acts" VALUES(16,'sheet_kept',5,'{"act":"sheet_kept","at":5,"before":"2957496539fe210d82242c6656db861ea78ad1653637cae91a125f44dc3b4036","by":[],"number":16,"of":"K1/0005","row":"bfb75b5acc548192d382d6b588263181cf278d671e2860e1ab694141bd23dc35"}','4c2cb6093064e387795c01a0e34b52d58118072d1c5df860e4cca850c3000f7e');
INSERT INTO "acts" VALUES(17,'sheet_read',5,'{"act":"sheet_read","at":5,"before":"4c2cb6093064e387795c01a0e34b52d58118072d1c5df860e4cca850c3000f7e","by":[],"number":17,"of":"K1/0005","row":"660b081e430250b07d23be3e2492eba2f023ccca5b4ae12f356821ddfa0edc56"}','e4d05a0ae0b3cc2e06246357938b499f5c488e1f55f5e9fff0e46903b50eb4b6');
INSERT INTO "acts" VALUES(18,'sheet_kept',6,'{"act":"sheet_kept","at":6,"before":"e4d05a0ae0b3cc2e06246357938b499f5c488e1f55f5e9fff0e46903b50eb4b6","by":[],"number":18,"of":"K1/0006","row":"52f2dc46db28448d55ef430494af4243d6269c02af895734549178c09daa2336"}','22d5c4250adfebafb2ed9608d8b6a3d957c3e17bdeda15460d32d36b15937713');
INSERT INTO "acts" VALUES(19,'sheet_read',6,'{"act":"sheet_read","at":6,"before":"22d5c4250adfebafb2ed9608d8b6a3d957c3e17bdeda15460d32d36b15937713","by":[],"number":19,"of":"K1/0006","row":"8e09c664e460231e039e905b93e90690d750336818c9abc56aa69f94b61d8f61"}','61094c143348745bdee4c880434c240c10aef0401e1a5a0582ce74fe32f2f117');
INSERT INTO "acts" VALUES(20,'opinion_given',1,'{"act":"opinion_given","at":1,"before":"61094c143348745bdee4c880434c240c10aef0401e1a5a0582ce74fe32f2f117","by":["Kari"],"number":20,"of":"K1/0005","row":"73bc29a97541745dc97b0e1676073db7eaf87e2f2c4823dc8175cabbf6184df0"}','3ed0d09e8e9014d278eca7f161cc21ed7a876d4e70c18e95fd65192a64d859fd');
INSERT INTO "acts" VALUES(21,'opinion_given',2,'{"act":"opinion_given","at":2,"before":"3ed0d09e8e9014d278eca7f161cc21ed7a876d4e70c18e95fd65192a64d859fd","by":["Ola"],"number":21,"of":"K1/0005","row":"ce16c0539fd1ac2be36761254e06acdcf267e585a0444a5990bb1ab59d4e8887"}','9d747e2523526985460645e5655b142cc09e7423242829f990c6937cfaccf316');
INSERT INTO "acts" VALUES(22,'box_expected',1,'{"act":"box_expected","at":1,"before":"9d747e2523526985460645e5655b142cc09e7423242829f990c6937cfaccf316","by":[],"number":22,"of":"VO-0001-1","row":"9f1d295e7e0e29aa330edcbeb3415437ab8dfd3ea69964a92d60bea143995e7a"}','32b1ed1f0af78deca803cd3a2e60ed57eaed07e1f5b2afb5f8550047f4779b42');
INSERT INTO "acts" VALUES(23,'box_added',2,'{"act":"box_added","at":2,"before":"32b1ed1f0af78deca803cd3a2e60ed57eaed07e1f5b2afb5f8550047f4779b42","by":[],"number":23,"of":"VO-0001-1","row":"20a614ac74d445b0f5cf277a68aed6acb17031e1f1feecf84e13c5fdc30ce362"}','74015e08f743292bbfe382e64a9e17c6cd766d394260208093cff80611fd3706');
INSERT INTO "acts" VALUES(24,'label_kept',1,'{"act":"label_kept","at":1,"before":"74015e08f743292bbfe382e64a9e17c6cd766d394260208093cff80611fd3706","by":[],"number":24,"of":"VO-0001-1/start","row":"e14728f8946a2fea97365df4a03b72fe18851aa2a1760b4cf4919abd44c431ff"}','0d79306cc4fc582ff942d15983c4697229c17c86b8c934aca1f1dbbf92389739');
INSERT INTO "acts" VALUES(25,'box_explained',1,'{"act":"box_explained","at":1,"before":"0d79306cc4fc582ff942d15983c4697229c17c86b8c934aca1f1dbbf92389739","by":["Kari"],"number":25,"of":"VO-0001-1","row":"7e5b1ef66134f6ef5f5d0bfa024705cb944cd3326127a9c0231e17eb4171fd6d"}','6eeab3dbac2dfd21b002b4896cffc4224d74c19b839e2bf949be2e2a25933bd9');
INSERT INTO "acts" VALUES(26,'stack_sheet_told',1,'{"act":"stack_sheet_told","at":1,"before":"6eeab3dbac2dfd21b002b4896cffc4224d74c19b839e2bf949be2e2a25933bd9","by":[],"number":26,"of":"S1/1","row":"f8bebde4446da2944f75e81e284fd0114947e1b9816380fa113ff40ea59e7915"}','495d8d7e97ce22fdcc8b9ac8fb003f2acc9927c15607cf3b8de0c5664dfc7dc1');
INSERT INTO "acts" VALUES(27,'ballot_decided',5,'{"act":"ballot_decided","at":5,"before":"495d8d7e97ce22fdcc8b9ac8fb003f2acc9927c15607cf3b8de0c5664dfc7dc1","by":["Kari","Ola"],"number":27,"of":"K1/0005","row":"d66c404ab358f5bf914cfbac62cedbfb74b44e04a64e6c1f8bf9abc685e9447a"}','57fa61849b1ff282160290cfd9918a60591339ce21f39a2184a043e921eb43de');
CREATE TABLE binding (
	one INTEGER NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	test BOOLEAN NOT NULL, 
	election TEXT NOT NULL, 
	PRIMARY KEY (one)
);
INSERT INTO "binding" VALUES(1,'5f5e123c5bddf80b76dbce116124eb07a846661728193419e549f725e46938f2',0,'{"type":"kommunestyre","name":"Øvingsvalget 2027","year":2027,"area":"Ålmøy","seats":11,"law":"2023","number_line":"2019","max_write_ins":3,"lists":[{"code":"A","ballot_number":"0000000000000000000001","party":"Partiet A","candidates":[{"number":1,"name":"Ærlig A1","born":1951,"residence":"Ålmøy","bold":true},{"number":2,"name":"Ærlig A2","born":1952,"residence":"Ålmøy","bold":false},{"number":3,"name":"Ærlig A3","born":1953,"residence":"Ålmøy","bold":false},{"number":4,"name":"Ærlig A4","born":1954,"residence":"Ålmøy","bold":false},{"number":5,"name":"Ærlig A5","born":1955,"residence":"Ålmøy","bold":false}]},{"code":"B","ballot_number":"0000000000000000000002","party":"Partiet B","candidates":[{"number":1,"name":"Ærlig B1","born":1951,"residence":"Ålmøy","bold":true},{"number":2,"name":"Ærlig B2","born":1952,"residence":"Ålmøy","bold":false},{"number":3,"name":"Ærlig B3","born":1953,"residence":"Ålmøy","bold":false},{"number":4,"name":"Ærlig B4","born":1954,"residence":"Ålmøy","bold":false},{"number":5,"name":"Ærlig B5","born":1955,"residence":"Ålmøy","bold":false}]},{"code":"C","ballot_number":"0000000000000000000003","party":"Partiet C","candidates":[{"number":1,"name":"Ærlig C1","born":1951,"residence":"Ålmøy","bold":true},{"number":2,"name":"Ærlig C2","born":1952,"residence":"Ålmøy","bold":false},{"number":3,"name":"Ærlig C3","born":1953,"residence":"Ålmøy","bold":false},{"number":4,"name":"Ærlig C4","born":1954,"residence":"Ålmøy","bold":false},{"number":5,"name":"Ærlig C5","born":1955,"residence":"Ålmøy","bold":false}]}],"kretser":[{"code":"0001","name":"Sæterbukta"}],"categories":[{"code":"FO","name":"forhånd","stamp":"required"},{"code":"FS","name":"sent innkomne","stamp":"not_required"},{"code":"VO","name":"valgting","stamp":"required"}],"blank_number":"0000000000000000000008","tick_off_number":"0000000000000000000009","question":"","options":[],"stamps":[]}');
CREATE TABLE boxes (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	krets VARCHAR NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
);
INSERT INTO "boxes" VALUES(1,'K1','VO','0001');
INSERT INTO "boxes" VALUES(2,'VO-0001-1','VO','0001');
CREATE TABLE decisions (
	seq INTEGER NOT NULL, 
	sheet VARCHAR NOT NULL, 
	verdict INTEGER, 
	by_machine BOOLEAN NOT NULL, 
	decision TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(sheet) REFERENCES sheets (id), 
	FOREIGN KEY(verdict) REFERENCES verdicts (seq)
);
INSERT INTO "decisions" VALUES(1,'K1/0001',1,1,'{"sheet":"K1/0001","category":"urettet","list":"A","amendments":[],"decided_by":[],"rejected":null}');
INSERT INTO "decisions" VALUES(2,'K1/0002',2,1,'{"sheet":"K1/0002","category":"urettet","list":"A","amendments":[],"decided_by":[],"rejected":null}');
INSERT INTO "decisions" VALUES(3,'K1/0003',3,1,'{"sheet":"K1/0003","category":"urettet","list":"A","amendments":[],"decided_by":[],"rejected":null}');
INSERT INTO "decisions" VALUES(4,'K1/0004',4,1,'{"sheet":"K1/0004","category":"urettet","list":"A","amendments":[],"decided_by":[],"rejected":null}');
INSERT INTO "decisions" VALUES(5,'K1/0005',5,0,'{"sheet":"K1/0005","category":"urettet","list":"A","amendments":[],"decided_by":["Kari","Ola"],"rejected":null}');
CREATE TABLE expected_boxes (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	krets VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	"of" INTEGER NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
);
INSERT INTO "expected_boxes" VALUES(1,'VO-0001-1','VO','0001',1,2);
CREATE TABLE explanations (
	seq INTEGER NOT NULL, 
	box VARCHAR NOT NULL, 
	person TEXT NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "explanations" VALUES(1,'VO-0001-1','Kari','came by car');
CREATE TABLE images (
	sha256 VARCHAR(64) NOT NULL, 
	bytes BIGINT NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "images" VALUES('270bbf4cbd8aeeaa82a51eb4b8cc7af690dc47025722c61e92e80bbc4d1f1fce',7);
INSERT INTO "images" VALUES('3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5',4);
INSERT INTO "images" VALUES('665957043640a542715e04f1cf91669a71244b37b2c20d0e163e977364447035',7);
INSERT INTO "images" VALUES('7dad59d94b89eee7f3b5851e7fbab744a9880e6763e8f8ad62d3540eccfd3855',7);
INSERT INTO "images" VALUES('e75ff92dee06c3914918192dad09bf9a49658325002eafcffe348194edba5379',7);
INSERT INTO "images" VALUES('f76173ba13b97c0b1521e778873e67b7858fce272edbd1b0d2d8d5428b58db5a',7);
INSERT INTO "images" VALUES('297fcdd78f01bbb2f0672c440c3bf1b9764e77f24261620c3dfc5099c16f7d52',7);
INSERT INTO "images" VALUES('1aca80e8b55c802f7b43740da2990e1b5735bbb323d93eb5ebda8395b04025e2',5);
CREATE TABLE label_sides (
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	PRIMARY KEY (label, position), 
	FOREIGN KEY(label) REFERENCES labels (id), 
	FOREIGN KEY(sha256) REFERENCES images (sha256)
);
INSERT INTO "label_sides" VALUES('VO-0001-1/start',0,'1aca80e8b55c802f7b43740da2990e1b5735bbb323d93eb5ebda8395b04025e2');
INSERT INTO "label_sides" VALUES('VO-0001-1/start',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5');
CREATE TABLE labels (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	box VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	"of" INTEGER NOT NULL, 
	digits VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	device TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id), 
	FOREIGN KEY(box) REFERENCES boxes (id)
);
INSERT INTO "labels" VALUES(1,'VO-0001-1/start','VO-0001-1','start',1,2,'1111111111111111111111111111','0001','virtual');
CREATE TABLE opinions (
	seq INTEGER NOT NULL, 
	sheet VARCHAR NOT NULL, 
	opinion TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(sheet) REFERENCES sheets (id)
);
INSERT INTO "opinions" VALUES(1,'K1/0005','{"sheet":"K1/0005","person":"Kari","category":"urettet","list":"A","amendments":[],"note":"","rejected":null}');
INSERT INTO "opinions" VALUES(2,'K1/0005','{"sheet":"K1/0005","person":"Ola","category":"urettet","list":"A","amendments":[],"note":"","rejected":null}');
CREATE TABLE sheets (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	box VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	device TEXT NOT NULL, 
	imprint TEXT, 
	PRIMARY KEY (seq), 
	UNIQUE (box, number), 
	UNIQUE (id), 
	FOREIGN KEY(box) REFERENCES boxes (id)
);
INSERT INTO "sheets" VALUES(1,'K1/0001','K1',1,'0001','virtual',NULL);
INSERT INTO "sheets" VALUES(2,'K1/0002','K1',2,'0002','virtual',NULL);
INSERT INTO "sheets" VALUES(3,'K1/0003','K1',3,'0003','virtual',NULL);
INSERT INTO "sheets" VALUES(4,'K1/0004','K1',4,'0004','virtual',NULL);
INSERT INTO "sheets" VALUES(5,'K1/0005','K1',5,'0005','virtual',NULL);
INSERT INTO "sheets" VALUES(6,'K1/0006','K1',6,'0006','virtual',NULL);
CREATE TABLE sides (
	sheet VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	dpi FLOAT, 
	page INTEGER NOT NULL, 
	problem TEXT, 
	PRIMARY KEY (sheet, position), 
	FOREIGN KEY(sheet) REFERENCES sheets (id), 
	FOREIGN KEY(sha256) REFERENCES images (sha256)
);
INSERT INTO "sides" VALUES('K1/0001',0,'270bbf4cbd8aeeaa82a51eb4b8cc7af690dc47025722c61e92e80bbc4d1f1fce','1F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0001',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','1B.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0002',0,'665957043640a542715e04f1cf91669a71244b37b2c20d0e163e977364447035','2F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0002',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','2B.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0003',0,'7dad59d94b89eee7f3b5851e7fbab744a9880e6763e8f8ad62d3540eccfd3855','3F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0003',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','3B.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0004',0,'e75ff92dee06c3914918192dad09bf9a49658325002eafcffe348194edba5379','4F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0004',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','4B.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0005',0,'f76173ba13b97c0b1521e778873e67b7858fce272edbd1b0d2d8d5428b58db5a','5F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0005',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','5B.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0006',0,'297fcdd78f01bbb2f0672c440c3bf1b9764e77f24261620c3dfc5099c16f7d52','6F.jpg',200.0,0,NULL);
INSERT INTO "sides" VALUES('K1/0006',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5','6B.jpg',200.0,0,NULL);
CREATE TABLE stack_sheets (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	stack VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	became VARCHAR NOT NULL, 
	"of" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	device TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
);
INSERT INTO "stack_sheets" VALUES(1,'S1/1','S1',1,'label','VO-0001-1/start','0001','virtual');
CREATE TABLE stack_sides (
	sheet VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	PRIMARY KEY (sheet, position), 
	FOREIGN KEY(sheet) REFERENCES stack_sheets (id)
);
INSERT INTO "stack_sides" VALUES('S1/1',0,'1aca80e8b55c802f7b43740da2990e1b5735bbb323d93eb5ebda8395b04025e2');
INSERT INTO "stack_sides" VALUES('S1/1',1,'3c482346f375027677fa8a0d6830a32714d4f13f9e94c2d9e215e0ac205ad4e5');
CREATE TABLE statements (
	seq INTEGER NOT NULL, 
	act VARCHAR NOT NULL, 
	people TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "statements" VALUES(1,'count_opened','["Kari","Ola"]','','');
CREATE TABLE valgskanner (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "valgskanner" VALUES(3);
CREATE TABLE verdicts (
	seq INTEGER NOT NULL, 
	sheet VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	verdict TEXT NOT NULL, 
	reading TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (sheet, version), 
	FOREIGN KEY(sheet) REFERENCES sheets (id)
);
INSERT INTO "verdicts" VALUES(1,'K1/0001','v1','urettet','{"category":"urettet","list":"A","amendments":[],"reasons":[],"proposed":{"category":"urettet","amendments":[]},"confidence":0.999}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
INSERT INTO "verdicts" VALUES(2,'K1/0002','v1','urettet','{"category":"urettet","list":"A","amendments":[],"reasons":[],"proposed":{"category":"urettet","amendments":[]},"confidence":0.999}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
INSERT INTO "verdicts" VALUES(3,'K1/0003','v1','urettet','{"category":"urettet","list":"A","amendments":[],"reasons":[],"proposed":{"category":"urettet","amendments":[]},"confidence":0.999}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
INSERT INTO "verdicts" VALUES(4,'K1/0004','v1','urettet','{"category":"urettet","list":"A","amendments":[],"reasons":[],"proposed":{"category":"urettet","amendments":[]},"confidence":0.999}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
INSERT INTO "verdicts" VALUES(5,'K1/0005','v1','tvilsom','{"category":"tvilsom","list":"A","amendments":[],"reasons":["stamp_absent"],"proposed":{"category":"urettet","amendments":[]},"confidence":0.4}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
INSERT INTO "verdicts" VALUES(6,'K1/0006','v1','tvilsom','{"category":"tvilsom","list":"A","amendments":[],"reasons":["stamp_absent"],"proposed":{"category":"urettet","amendments":[]},"confidence":0.4}','{"sheet":"K1/0001","identity":{"ballot_number":"0000000000000000000001","heading":"Partiet A","list":"A","style":"A","kind":"party","agree":true},"marks":[],"stamp":{"state":"present","probability":0.999},"stray_mm":[],"ranks":[],"write_ins":[],"trouble":[],"residual_px":null,"ms":[],"version":"","guessed_ranks":[],"guesses":[],"says_blank":false}');
CREATE INDEX acts_of_row ON acts (act, at);
CREATE INDEX explanations_of_box ON explanations (box);
CREATE INDEX sheets_of_stack ON stack_sheets (stack);
CREATE INDEX opinions_of_sheet ON opinions (sheet);
CREATE INDEX decisions_of_sheet ON decisions (sheet);
CREATE TRIGGER no_update_acts BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append only'); END;
CREATE TRIGGER no_delete_acts BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append only'); END;
CREATE TRIGGER no_update_binding BEFORE UPDATE ON binding BEGIN SELECT RAISE(ABORT, 'binding is append only'); END;
CREATE TRIGGER no_delete_binding BEFORE DELETE ON binding BEGIN SELECT RAISE(ABORT, 'binding is append only'); END;
CREATE TRIGGER no_update_boxes BEFORE UPDATE ON boxes BEGIN SELECT RAISE(ABORT, 'boxes is append only'); END;
CREATE TRIGGER no_delete_boxes BEFORE DELETE ON boxes BEGIN SELECT RAISE(ABORT, 'boxes is append only'); END;
CREATE TRIGGER no_update_expected_boxes BEFORE UPDATE ON expected_boxes BEGIN SELECT RAISE(ABORT, 'expected_boxes is append only'); END;
CREATE TRIGGER no_delete_expected_boxes BEFORE DELETE ON expected_boxes BEGIN SELECT RAISE(ABORT, 'expected_boxes is append only'); END;
CREATE TRIGGER no_update_explanations BEFORE UPDATE ON explanations BEGIN SELECT RAISE(ABORT, 'explanations is append only'); END;
CREATE TRIGGER no_delete_explanations BEFORE DELETE ON explanations BEGIN SELECT RAISE(ABORT, 'explanations is append only'); END;
CREATE TRIGGER no_update_images BEFORE UPDATE ON images BEGIN SELECT RAISE(ABORT, 'images is append only'); END;
CREATE TRIGGER no_delete_images BEFORE DELETE ON images BEGIN SELECT RAISE(ABORT, 'images is append only'); END;
CREATE TRIGGER no_update_stack_sheets BEFORE UPDATE ON stack_sheets BEGIN SELECT RAISE(ABORT, 'stack_sheets is append only'); END;
CREATE TRIGGER no_delete_stack_sheets BEFORE DELETE ON stack_sheets BEGIN SELECT RAISE(ABORT, 'stack_sheets is append only'); END;
CREATE TRIGGER no_update_statements BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'statements is append only'); END;
CREATE TRIGGER no_delete_statements BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'statements is append only'); END;
CREATE TRIGGER no_update_valgskanner BEFORE UPDATE ON valgskanner BEGIN SELECT RAISE(ABORT, 'valgskanner is append only'); END;
CREATE TRIGGER no_delete_valgskanner BEFORE DELETE ON valgskanner BEGIN SELECT RAISE(ABORT, 'valgskanner is append only'); END;
CREATE TRIGGER no_update_labels BEFORE UPDATE ON labels BEGIN SELECT RAISE(ABORT, 'labels is append only'); END;
CREATE TRIGGER no_delete_labels BEFORE DELETE ON labels BEGIN SELECT RAISE(ABORT, 'labels is append only'); END;
CREATE TRIGGER no_update_sheets BEFORE UPDATE ON sheets BEGIN SELECT RAISE(ABORT, 'sheets is append only'); END;
CREATE TRIGGER no_delete_sheets BEFORE DELETE ON sheets BEGIN SELECT RAISE(ABORT, 'sheets is append only'); END;
CREATE TRIGGER no_update_stack_sides BEFORE UPDATE ON stack_sides BEGIN SELECT RAISE(ABORT, 'stack_sides is append only'); END;
CREATE TRIGGER no_delete_stack_sides BEFORE DELETE ON stack_sides BEGIN SELECT RAISE(ABORT, 'stack_sides is append only'); END;
CREATE TRIGGER no_update_label_sides BEFORE UPDATE ON label_sides BEGIN SELECT RAISE(ABORT, 'label_sides is append only'); END;
CREATE TRIGGER no_delete_label_sides BEFORE DELETE ON label_sides BEGIN SELECT RAISE(ABORT, 'label_sides is append only'); END;
CREATE TRIGGER no_update_opinions BEFORE UPDATE ON opinions BEGIN SELECT RAISE(ABORT, 'opinions is append only'); END;
CREATE TRIGGER no_delete_opinions BEFORE DELETE ON opinions BEGIN SELECT RAISE(ABORT, 'opinions is append only'); END;
CREATE TRIGGER no_update_sides BEFORE UPDATE ON sides BEGIN SELECT RAISE(ABORT, 'sides is append only'); END;
CREATE TRIGGER no_delete_sides BEFORE DELETE ON sides BEGIN SELECT RAISE(ABORT, 'sides is append only'); END;
CREATE TRIGGER no_update_verdicts BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append only'); END;
CREATE TRIGGER no_delete_verdicts BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append only'); END;
CREATE TRIGGER no_update_decisions BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append only'); END;
CREATE TRIGGER no_delete_decisions BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions is append only'); END;
COMMIT;
